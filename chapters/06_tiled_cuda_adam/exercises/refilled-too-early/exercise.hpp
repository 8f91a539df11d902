#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// c = a b; a is m x k, b is k x n, all row by row.
void multiply_double_buffered(const Stream& stream, const float* a,
                              const float* b, float* c, int m, int n, int k);

}  // namespace CNN_GPU
}  // namespace cnn
