#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// c = max(a b + bias, 0); a is m x k, b is k x n, all row by row, and bias has
/// a number for each column. What is not a number stays that.
void multiply_and_finish(const Stream& stream, const float* a, const float* b,
                         const float* bias, float* c, int m, int n, int k);

}  // namespace CNN_GPU
}  // namespace cnn
