/// @file
/// CUDA's device functions that need no other thread: arithmetic, bits, loads.
/// Each is defined by what the CUDA manual says; where a GPU approximates
/// (rsqrtf, __expf), the host's value is the better one.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>

// NOLINTBEGIN(bugprone-reserved-identifier): these names are CUDA's
// NOLINTBEGIN(readability-identifier-naming)

/// A load through the read-only path: here, a load.
template <class T>
T __ldg(const T* address) {
  return *address;
}

/// One rounding, to nearest; on every host, fused or not.
inline float __fmaf_rn(float a, float b, float c) {
  return std::fma(a, b, c);
}
inline float __fadd_rn(float a, float b) {
  return a + b;
}
inline float __fmul_rn(float a, float b) {
  return a * b;
}
inline float __fdividef(float a, float b) {
  return a / b;
}
inline float __frcp_rn(float a) {
  return 1 / a;
}
inline float __fsqrt_rn(float a) {
  return std::sqrt(a);
}
inline float rsqrtf(float a) {
  return 1 / std::sqrt(a);
}
inline double rsqrt(double a) {
  return 1 / std::sqrt(a);
}
inline float __saturatef(float a) {
  return a > 1 ? 1.0F : a > 0 ? a : 0.0F;
}
// The C library has functions of these names, which nobody may define again.
#define __expf(a) std::exp(static_cast<float>(a))
#define __logf(a) std::log(static_cast<float>(a))

inline int __clz(int a) {
  return std::countl_zero(static_cast<unsigned>(a));
}
inline int __popc(unsigned a) {
  return std::popcount(a);
}
/// The lowest set bit, counted from 1; 0 when there is none.
inline int __ffs(int a) {
  return a == 0 ? 0 : std::countr_zero(static_cast<unsigned>(a)) + 1;
}
inline unsigned __brev(unsigned a) {
  unsigned reversed = 0;
  for (int bit = 0; bit < 32; ++bit) reversed |= (a >> bit & 1U) << (31 - bit);
  return reversed;
}
/// The upper half of the product.
inline unsigned __umulhi(unsigned a, unsigned b) {
  return static_cast<unsigned>(std::uint64_t{a} * b >> 32);
}
inline int __float_as_int(float a) {
  return std::bit_cast<int>(a);
}
inline float __int_as_float(int a) {
  return std::bit_cast<float>(a);
}
inline unsigned __float_as_uint(float a) {
  return std::bit_cast<unsigned>(a);
}
inline float __uint_as_float(unsigned a) {
  return std::bit_cast<float>(a);
}

constexpr int min(int a, int b) {
  return b < a ? b : a;
}
constexpr int max(int a, int b) {
  return a < b ? b : a;
}
constexpr unsigned min(unsigned a, unsigned b) {
  return b < a ? b : a;
}
constexpr unsigned max(unsigned a, unsigned b) {
  return a < b ? b : a;
}
constexpr long min(long a, long b) {
  return b < a ? b : a;
}
constexpr long max(long a, long b) {
  return a < b ? b : a;
}
constexpr unsigned long min(unsigned long a, unsigned long b) {
  return b < a ? b : a;
}
constexpr unsigned long max(unsigned long a, unsigned long b) {
  return a < b ? b : a;
}
constexpr long long min(long long a, long long b) {
  return b < a ? b : a;
}
constexpr long long max(long long a, long long b) {
  return a < b ? b : a;
}
/// Of a number and a NaN, the number.
inline float min(float a, float b) {
  return std::fmin(a, b);
}
inline float max(float a, float b) {
  return std::fmax(a, b);
}
inline double min(double a, double b) {
  return std::fmin(a, b);
}
inline double max(double a, double b) {
  return std::fmax(a, b);
}

/// Orders this thread's writes before its later ones, for other blocks. (Not
/// here: compilers warn of fences where kernels are traced.)
void __threadfence();
/// Likewise, for this block.
void __threadfence_block();

// NOLINTEND(readability-identifier-naming)
// NOLINTEND(bugprone-reserved-identifier)
