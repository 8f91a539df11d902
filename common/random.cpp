#include "common/random.hpp"

#include <stdexcept>

namespace cnn {

namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9;  // golden ratio
constexpr std::uint32_t kWeyl1 = 0xBB67AE85;  // sqrt(3) - 1
constexpr std::uint32_t kRounds = 10;

std::uint32_t low_half(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}

std::uint32_t high_half(std::uint64_t value) {
  return static_cast<std::uint32_t>(value >> 32);
}

/// philox4x32() of `count` consecutive counters. Words are kept in 64 bits, of
/// which the upper half is 0: then every step is one that vector units have,
/// and compilers turn the outer loop into vectors.
void philox_blocks(std::uint64_t first, std::uint64_t stream,
                   std::uint64_t seed, std::size_t count,
                   std::uint32_t* values) {
  std::array<std::uint64_t, kRounds> keys0;
  std::array<std::uint64_t, kRounds> keys1;
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    keys0[round] = low_half(seed) + round * kWeyl0;
    keys1[round] = high_half(seed) + round * kWeyl1;
  }
  const std::uint64_t stream_low = low_half(stream);
  const std::uint64_t stream_high = high_half(stream);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t word0 = low_half(first + i);
    std::uint64_t word1 = high_half(first + i);
    std::uint64_t word2 = stream_low;
    std::uint64_t word3 = stream_high;
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      const std::uint64_t product0 = kMultiplier0 * word0;
      const std::uint64_t product1 = kMultiplier1 * word2;
      word0 = (product1 >> 32) ^ word1 ^ keys0[round];
      word1 = low_half(product1);
      word2 = (product0 >> 32) ^ word3 ^ keys1[round];
      word3 = low_half(product0);
    }
    values[4 * i] = low_half(word0);
    values[4 * i + 1] = low_half(word1);
    values[4 * i + 2] = low_half(word2);
    values[4 * i + 3] = low_half(word3);
  }
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  for (std::uint32_t round = 0; round < kRounds; ++round) {
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

void Random::fill_bits(std::uint64_t first,
                       std::span<std::uint32_t> values) const {
  std::size_t done = 0;
  for (; done < values.size() && (first + done) % 4 != 0; ++done) {
    values[done] = bits(first + done);
  }
  const std::size_t blocks = (values.size() - done) / 4;
  philox_blocks((first + done) / 4, stream_, seed_, blocks,
                values.data() + done);
  done += 4 * blocks;
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
