#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// y = A x: one thread for each row of the matrix, which lies row by row.
void multiply_by_vector(const Stream& stream, const float* matrix,
                        const float* x, float* y, int rows, int columns);

}  // namespace CNN_GPU
}  // namespace cnn
