#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// y = factor * x; each thread does 8 numbers.
void scale(const Stream& stream, float factor, const float* x, float* y,
           int size);

}  // namespace CNN_GPU
}  // namespace cnn
