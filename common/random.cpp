#include "common/random.hpp"

#include <stdexcept>

#include "common/philox.hpp"

namespace cnn {

namespace {

std::uint32_t low_half(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}

std::uint32_t high_half(std::uint64_t value) {
  return static_cast<std::uint32_t>(value >> 32);
}

/// philox() of `count` consecutive counters. Words are kept in 64 bits, of
/// which the upper half is 0: then every step is one that vector units have,
/// and compilers turn the outer loop into vectors.
void philox_blocks(std::uint64_t first, std::uint64_t stream,
                   std::uint64_t seed, std::size_t count,
                   std::uint32_t* values) {
  std::array<std::uint64_t, kPhiloxRounds> keys0;
  std::array<std::uint64_t, kPhiloxRounds> keys1;
  for (std::uint32_t round = 0; round < kPhiloxRounds; ++round) {
    keys0[round] = low_half(seed) + round * kPhiloxWeyl0;
    keys1[round] = high_half(seed) + round * kPhiloxWeyl1;
  }
  const std::uint64_t stream_low = low_half(stream);
  const std::uint64_t stream_high = high_half(stream);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t word0 = low_half(first + i);
    std::uint64_t word1 = high_half(first + i);
    std::uint64_t word2 = stream_low;
    std::uint64_t word3 = stream_high;
    for (std::uint32_t round = 0; round < kPhiloxRounds; ++round) {
      const std::uint64_t product0 = kPhiloxMultiplier0 * word0;
      const std::uint64_t product1 = kPhiloxMultiplier1 * word2;
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
  const PhiloxWords words =
      philox({counter[0], counter[1], counter[2], counter[3]}, key[0], key[1]);
  return {words.word0, words.word1, words.word2, words.word3};
}

std::array<std::uint32_t, 4> Random::block(std::uint64_t index) const {
  const PhiloxWords words = random_words(seed_, stream_, index);
  return {words.word0, words.word1, words.word2, words.word3};
}

std::uint32_t Random::bits(std::uint64_t index) const {
  return random_bits(seed_, stream_, index);
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
