#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// to is the transpose of from: size x size numbers, row by row, size a
/// multiple of 32.
void transpose_unpadded(const Stream& stream, const float* from, float* to,
                        int size);

}  // namespace CNN_GPU
}  // namespace cnn
