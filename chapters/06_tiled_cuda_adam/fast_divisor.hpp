// region quiet: includes
#pragma once

#include <cstdint>

#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region fast-divisor
/// Divides by a number that is known before the launch, by a multiplication
/// and a shift: a GPU has no instruction that divides integers.
///
/// With 2^(s-1) < d <= 2^s and m = ceil(2^(31+s) / d), n / d is
/// floor(n m / 2^(31+s)) for all n below 2^31: m d exceeds 2^(31+s) by less
/// than d, which n times over is still less than 2^(31+s).
/// Source: Granlund and Montgomery, "Division by invariant integers using
/// multiplication", PLDI 1994.
class FastDivisor {
 public:
  FastDivisor() = default;
  /// `divisor` at least 1.
  explicit FastDivisor(int divisor) : divisor_(divisor) {
    const auto d = static_cast<std::uint64_t>(divisor);
    while ((std::uint64_t{1} << shift_) < d) ++shift_;
    const std::uint64_t power = std::uint64_t{1} << (31 + shift_);
    multiplier_ = static_cast<unsigned>((power + d - 1) / d);
  }

  /// n / divisor, n from 0 to 2^31 - 1.
  __device__ int quotient(int n) const {
    return static_cast<int>(
        __umulhi(2 * static_cast<unsigned>(n), multiplier_) >> shift_);
  }
  /// n - q * divisor, for the quotient q.
  __device__ int remainder(int n, int q) const { return n - q * divisor_; }

 private:
  int divisor_ = 1;
  unsigned multiplier_ = 1U << 31;
  unsigned shift_ = 0;
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
