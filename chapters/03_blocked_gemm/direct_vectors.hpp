// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/03_blocked_gemm/simd.hpp"

namespace cnn::CNN_ISA {
// endregion

// region pool-vectors
/// Vectors of other lengths than the processor's, for pixels that are shorter.
template <int lanes>
struct Pack {
  /// So many floats,
  using Floats [[gnu::vector_size(lanes * sizeof(float))]] = float;
  /// as many integers, for what comparing them gives,
  using Ints [[gnu::vector_size(lanes * sizeof(float))]] = std::int32_t;
  /// shorts, on the way between integers and bytes,
  using Shorts [[gnu::vector_size(lanes * 2)]] = std::uint16_t;
  /// and bytes, for winners.
  using Bytes [[gnu::vector_size(lanes)]] = std::uint8_t;
  /// Floats that lie anywhere,
  using AnyFloats [[gnu::vector_size(lanes * sizeof(float)),
                    gnu::aligned(sizeof(float)), gnu::may_alias]] = float;
  /// and bytes.
  using AnyBytes [[gnu::vector_size(lanes), gnu::aligned(1), gnu::may_alias]] =
      std::uint8_t;
};

template <int lanes>
typename Pack<lanes>::Floats floats_at(const float* from) {
  return *reinterpret_cast<const typename Pack<lanes>::AnyFloats*>(from);
}
template <int lanes>
void store_floats(float* to, typename Pack<lanes>::Floats floats) {
  *reinterpret_cast<typename Pack<lanes>::AnyFloats*>(to) = floats;
}
// endregion

// region bytes-and-ints
/// By way of shorts: asked for both steps at once, g++ goes lane by lane.
template <int lanes>
typename Pack<lanes>::Ints ints_at(const std::uint8_t* from) {
  using P = Pack<lanes>;
  const typename P::Bytes bytes =
      *reinterpret_cast<const typename P::AnyBytes*>(from);
  const auto shorts = __builtin_convertvector(bytes, typename P::Shorts);
  return __builtin_convertvector(shorts, typename P::Ints);
}

template <int lanes>
void store_bytes(std::uint8_t* to, typename Pack<lanes>::Ints ints) {
  using P = Pack<lanes>;
  *reinterpret_cast<typename P::AnyBytes*>(to) =
      __builtin_convertvector(ints, typename P::Bytes);
}
// endregion

// region running-maximum
/// The maximum of a window of the pool so far, channels in lanes, and who won.
/// As in PyTorch, the first of equal numbers wins, and NaN beats every number.
template <int lanes>
struct Maximum {
  typename Pack<lanes>::Floats best;
  typename Pack<lanes>::Ints winner{};

  /// The next number of each window, and where in it that stands.
  void meet(typename Pack<lanes>::Floats value, std::int32_t position) {
    const auto better = (value > best) | (value != value);
    best = better ? value : best;
    winner = better ? typename Pack<lanes>::Ints{} + position : winner;
  }
  /// What is not above 0 becomes 0, and nobody has won.
  void relu() {
    const typename Pack<lanes>::Floats zero{};
    winner = best <= zero ? typename Pack<lanes>::Ints{} + 255 : winner;
    best = best < zero ? zero : best;
  }
};

}  // namespace cnn::CNN_ISA
// endregion
