#include "common/random.hpp"

#include <stdexcept>

namespace cnn {

namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9;  // golden ratio
constexpr std::uint32_t kWeyl1 = 0xBB67AE85;  // sqrt(3) - 1
constexpr int kRounds = 10;

std::uint32_t low_half(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}

std::uint32_t high_half(std::uint64_t value) {
  return static_cast<std::uint32_t>(value >> 32);
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{kMultiplier0} * counter[0];
    const std::uint64_t product1 = std::uint64_t{kMultiplier1} * counter[2];
    counter = {high_half(product1) ^ counter[1] ^ key[0], low_half(product1),
               high_half(product0) ^ counter[3] ^ key[1], low_half(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

std::array<std::uint32_t, 4> Random::block(std::uint64_t index) const {
  return philox4x32({low_half(index), high_half(index), low_half(stream_),
                     high_half(stream_)},
                    {low_half(seed_), high_half(seed_)});
}

std::uint32_t Random::bits(std::uint64_t index) const {
  return block(index / 4)[index % 4];
}

namespace {

/// kAtOnce consecutive counters, word by word, so that each step of the cipher
/// is a loop over words that lie side by side: one that compilers vectorise.
struct Blocks {
  static constexpr std::size_t kAtOnce = 16;
  using Word = std::array<std::uint32_t, kAtOnce>;
  std::array<Word, 4> words;

  void round(std::uint32_t key0, std::uint32_t key1) {
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      const std::uint64_t product0 = std::uint64_t{kMultiplier0} * words[0][i];
      const std::uint64_t product1 = std::uint64_t{kMultiplier1} * words[2][i];
      words[0][i] = high_half(product1) ^ words[1][i] ^ key0;
      words[1][i] = low_half(product1);
      words[2][i] = high_half(product0) ^ words[3][i] ^ key1;
      words[3][i] = low_half(product0);
    }
  }
};

}  // namespace

void Random::fill_bits(std::uint64_t first,
                       std::span<std::uint32_t> values) const {
  constexpr std::size_t kStep = 4 * Blocks::kAtOnce;
  std::size_t done = 0;
  for (; done < values.size() && (first + done) % 4 != 0; ++done) {
    values[done] = bits(first + done);
  }
  for (; done + kStep <= values.size(); done += kStep) {
    Blocks blocks;
    for (std::size_t i = 0; i < Blocks::kAtOnce; ++i) {
      const std::uint64_t index = (first + done) / 4 + i;
      blocks.words[0][i] = low_half(index);
      blocks.words[1][i] = high_half(index);
      blocks.words[2][i] = low_half(stream_);
      blocks.words[3][i] = high_half(stream_);
    }
    std::uint32_t key0 = low_half(seed_);
    std::uint32_t key1 = high_half(seed_);
    for (int round = 0; round < kRounds; ++round) {
      blocks.round(key0, key1);
      key0 += kWeyl0;
      key1 += kWeyl1;
    }
    for (std::size_t i = 0; i < Blocks::kAtOnce; ++i) {
      for (std::size_t word = 0; word < 4; ++word) {
        values[done + 4 * i + word] = blocks.words[word][i];
      }
    }
  }
  for (; done < values.size(); ++done) values[done] = bits(first + done);
}

float Random::uniform(std::uint64_t index) const {
  return static_cast<float>(bits(index) >> 8) * 0x1.0p-24F;
}

std::uint64_t Random::below(std::uint64_t index, std::uint64_t bound) const {
  if (bound == 0) throw std::invalid_argument("below: bound must be positive");
  const auto words = block(index);
  const std::uint64_t wide = std::uint64_t{words[0]} << 32 | words[1];
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(Wide{wide} * bound >> 64);
}

void Random::fill_uniform(std::span<float> values, float low,
                          float high) const {
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = low + (high - low) * uniform(i);
  }
}

}  // namespace cnn
