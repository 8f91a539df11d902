/// @file
/// Philox4x32-10, one function for CPUs and GPUs: the same numbers everywhere.
#pragma once

#include <cstdint>

#include "common/host_device.hpp"

namespace cnn {

inline constexpr std::uint32_t kPhiloxMultiplier0 = 0xD2511F53;
inline constexpr std::uint32_t kPhiloxMultiplier1 = 0xCD9E8D57;
inline constexpr std::uint32_t kPhiloxWeyl0 = 0x9E3779B9;  ///< golden ratio
inline constexpr std::uint32_t kPhiloxWeyl1 = 0xBB67AE85;  ///< sqrt(3) - 1
inline constexpr std::uint32_t kPhiloxRounds = 10;

/// The four words that go into Philox, or come out.
struct PhiloxWords {
  std::uint32_t word0 = 0;
  std::uint32_t word1 = 0;
  std::uint32_t word2 = 0;
  std::uint32_t word3 = 0;
};

/// One call of Philox4x32-10: see common/random.hpp.
CNN_HOST_DEVICE constexpr PhiloxWords philox(PhiloxWords counter,
                                             std::uint32_t key0,
                                             std::uint32_t key1) {
  for (std::uint32_t round = 0; round < kPhiloxRounds; ++round) {
    const std::uint64_t product0 =
        std::uint64_t{kPhiloxMultiplier0} * counter.word0;
    const std::uint64_t product1 =
        std::uint64_t{kPhiloxMultiplier1} * counter.word2;
    counter = {
        static_cast<std::uint32_t>(product1 >> 32) ^ counter.word1 ^ key0,
        static_cast<std::uint32_t>(product1),
        static_cast<std::uint32_t>(product0 >> 32) ^ counter.word3 ^ key1,
        static_cast<std::uint32_t>(product0)};
    key0 += kPhiloxWeyl0;
    key1 += kPhiloxWeyl1;
  }
  return counter;
}

/// The four words of Random(seed, stream) that elements 4 * block to
/// 4 * block + 3 are: Random::bits() for those who want them all.
CNN_HOST_DEVICE constexpr PhiloxWords random_words(std::uint64_t seed,
                                                   std::uint64_t stream,
                                                   std::uint64_t block) {
  return philox({static_cast<std::uint32_t>(block),
                 static_cast<std::uint32_t>(block >> 32),
                 static_cast<std::uint32_t>(stream),
                 static_cast<std::uint32_t>(stream >> 32)},
                static_cast<std::uint32_t>(seed),
                static_cast<std::uint32_t>(seed >> 32));
}

/// Random(seed, stream).bits(index): 32 uniform bits.
CNN_HOST_DEVICE constexpr std::uint32_t random_bits(std::uint64_t seed,
                                                    std::uint64_t stream,
                                                    std::uint64_t index) {
  const PhiloxWords words = random_words(seed, stream, index / 4);
  const std::uint32_t low = index % 2 == 0 ? words.word0 : words.word1;
  const std::uint32_t high = index % 2 == 0 ? words.word2 : words.word3;
  return index % 4 < 2 ? low : high;
}

}  // namespace cnn
