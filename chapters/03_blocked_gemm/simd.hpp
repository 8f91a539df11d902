// region quiet: includes
#pragma once

#include <cstddef>
#include <cstdint>

// endregion

// region simd-vector
// Included only by sources that are compiled once per instruction set. All that
// they define lies in a namespace of that set's name, so that the copies do not
// collide.
namespace cnn::CNN_ISA {

#if defined(__AVX512F__)
inline constexpr int kLanes = 16;      ///< floats in a vector register
inline constexpr int kRegisters = 32;  ///< how many of those there are
#elif defined(__AVX2__)
inline constexpr int kLanes = 8;
inline constexpr int kRegisters = 16;
#else
inline constexpr int kLanes = 4;
inline constexpr int kRegisters = 16;
#endif

/// kLanes floats, with + - * / and comparisons lane by lane: a feature of g++
/// and clang++ alike ("vector extensions").
using Vector [[gnu::vector_size(kLanes * sizeof(float))]] = float;
// endregion

// region simd-access
/// The same, allowed to lie anywhere and to alias floats.
using AnyVector [[gnu::vector_size(kLanes * sizeof(float)),
                  gnu::aligned(sizeof(float)), gnu::may_alias]] = float;

inline Vector load(const float* from) {
  return *reinterpret_cast<const AnyVector*>(from);
}
inline void store(float* to, Vector value) {
  *reinterpret_cast<AnyVector*>(to) = value;
}
/// The same number in every lane.
inline Vector broadcast(float value) {
  return value - Vector{};  // not +, which would turn -0 into 0: work to do
}

}  // namespace cnn::CNN_ISA
// endregion
