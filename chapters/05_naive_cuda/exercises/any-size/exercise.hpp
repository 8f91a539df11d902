#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// y += a x, by `blocks` blocks of 64 threads, however many numbers there are.
void axpy(const Stream& stream, int blocks, float a, const float* x, float* y,
          int size);

}  // namespace CNN_GPU
}  // namespace cnn
