#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// What a square filter does with one picture of `channels` planes.
struct Windows {
  int channels = 1;
  int height = 0;
  int width = 0;
  int kernel = 3;
  int stride = 1;
  int padding = 0;

  __host__ __device__ int output_height() const {
    return (height + 2 * padding - kernel) / stride + 1;
  }
  __host__ __device__ int output_width() const {
    return (width + 2 * padding - kernel) / stride + 1;
  }
};

/// Convolution as a matrix product, of filters (filters, channels, kernel,
/// kernel) and a picture (channels, height, width); output (filters,
/// output_height, output_width).
void convolve_windows(const Stream& stream, const Windows& windows, int filters,
                      const float* filter, const float* picture, float* output);

}  // namespace CNN_GPU
}  // namespace cnn
