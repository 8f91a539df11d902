// region quiet: includes
#pragma once

#include "chapters/01_naive_convolution/geometry.hpp"

namespace cnn {
// endregion

// region convolution-sizes
/// A convolution's sizes as kernels take them: in 32 bits, and passed by value.
struct ConvolutionSizes {
  int batch;
  int input_channels;
  int input_height;
  int input_width;
  int output_channels;
  int output_height;
  int output_width;
  int kernel_height;
  int kernel_width;
  int stride;
  int padding;
};

/// Of a geometry whose arrays have no more numbers than an int counts.
inline ConvolutionSizes sizes_of(const ConvolutionGeometry& g) {
  return {.batch = static_cast<int>(g.batch),
          .input_channels = static_cast<int>(g.input_channels),
          .input_height = static_cast<int>(g.input_height),
          .input_width = static_cast<int>(g.input_width),
          .output_channels = static_cast<int>(g.output_channels),
          .output_height = static_cast<int>(g.output_height()),
          .output_width = static_cast<int>(g.output_width()),
          .kernel_height = static_cast<int>(g.kernel_height),
          .kernel_width = static_cast<int>(g.kernel_width),
          .stride = static_cast<int>(g.stride),
          .padding = static_cast<int>(g.padding)};
}

}  // namespace cnn
// endregion
