#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// Average pooling of `planes` pictures of height x width by windows of
/// size x size, `stride` apart, all of them inside the picture.
struct Pooling {
  int planes = 1;
  int height = 0;
  int width = 0;
  int size = 2;
  int stride = 2;

  __host__ __device__ int output_height() const {
    return (height - size) / stride + 1;
  }
  __host__ __device__ int output_width() const {
    return (width - size) / stride + 1;
  }
};

/// From the gradients of the means to those of the pixels:
/// (planes, output_height, output_width) to (planes, height, width).
void average_pool_backward(const Stream& stream, const Pooling& pooling,
                           const float* output_gradient, float* input_gradient);

}  // namespace CNN_GPU
}  // namespace cnn
