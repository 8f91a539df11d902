// region quiet: includes
#pragma once

#include "chapters/06_tiled_cuda_adam/block_sum.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region moments
/// Of some numbers: how many, their mean, and the sum of their squared
/// distances from it. `Moments{}` are those of none.
struct Moments {
  float count;
  float mean;
  float squares;
};

/// The moments of the numbers of both. Sums of squares would lose all digits
/// where the mean is far from 0; these are distances from the start.
/// Source: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm
/// for computing sample variances", 1979.
__device__ inline Moments operator+(const Moments& a, const Moments& b) {
  if (b.count == 0) return a;
  if (a.count == 0) return b;
  const float count = a.count + b.count;
  const float apart = b.mean - a.mean;
  const float share = b.count / count;
  return {count, a.mean + apart * share,
          a.squares + b.squares + apart * apart * (a.count * share)};
}

/// Those of the lane so many further on.
__device__ inline Moments value_from(const Moments& own, int lanes_on) {
  return {value_from(own.count, lanes_on), value_from(own.mean, lanes_on),
          value_from(own.squares, lanes_on)};
}
// endregion

// region running-moments
/// Adds up one thread's numbers, as distances from the first of them. Should
/// that one be far from all the others, it costs only this thread digits, and
/// few of those: it is one of the numbers, and they are few.
class RunningMoments {
 public:
  /// One more.
  __device__ void add(float number) {
    if (count_ == 0) first_ = number;
    const float away = number - first_;
    count_ += 1;
    sum_ += away;
    squares_ += away * away;
  }

  __device__ Moments moments() const {
    if (count_ == 0) return {};
    const float mean = sum_ / count_;
    return {count_, first_ + mean, squares_ - mean * sum_};
  }

 private:
  float first_ = 0;
  float count_ = 0;
  float sum_ = 0;
  float squares_ = 0;
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
