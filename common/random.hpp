/// @file
/// Counter-based random numbers: Philox4x32-10.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace cnn {

/// Philox4x32-10: a bijection of a 128-bit counter under a 64-bit key. There
/// is no state to carry along: number i of a stream is a function of (key, i),
/// so any thread on any device can compute any number in any order.
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

/// A seeded family of random sequences. `stream` keeps purposes apart: inputs,
/// filters and shuffles drawn from one seed never overlap.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0)
      : seed_(seed), stream_(stream) {}

  /// Element `index` of the sequence: 32 uniform bits.
  std::uint32_t bits(std::uint64_t index) const;
  /// Elements first, first + 1, ...: the same as bits(), many at once, for when
  /// millions of them are wanted.
  void fill_bits(std::uint64_t first, std::span<std::uint32_t> values) const;
  /// Uniform in [0, 1), a multiple of 2^-24, so that every value is exact.
  float uniform(std::uint64_t index) const;
  /// Uniform in [0, bound); bound must be at least 1. Unbiased enough for
  /// shuffles: the excess probability of any value is below bound / 2^64.
  std::uint64_t below(std::uint64_t index, std::uint64_t bound) const;

  /// Fills with uniform numbers in [low, high), elements 0, 1, 2, ... in order.
  void fill_uniform(std::span<float> values, float low, float high) const;

 private:
  std::array<std::uint32_t, 4> block(std::uint64_t index) const;

  std::uint64_t seed_;
  std::uint64_t stream_;
};

}  // namespace cnn
