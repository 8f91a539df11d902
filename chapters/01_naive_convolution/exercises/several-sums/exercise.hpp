#pragma once

#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"

namespace cnn {

/// Like convolution_forward, eight neighbouring outputs of a row at a time.
void convolution_eight_outputs(const ConvolutionGeometry& geometry,
                               std::span<const float> input,
                               std::span<const float> filter,
                               std::span<float> output);

}  // namespace cnn
