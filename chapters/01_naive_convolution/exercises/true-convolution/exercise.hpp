#pragma once

#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"

namespace cnn {

/// Like convolution_forward, but with every kernel turned by 180 degrees.
void true_convolution(const ConvolutionGeometry& geometry,
                      std::span<const float> input,
                      std::span<const float> filter, std::span<float> output);

}  // namespace cnn
