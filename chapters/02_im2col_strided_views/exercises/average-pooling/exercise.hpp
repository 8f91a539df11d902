#pragma once

#include <span>

#include "chapters/02_im2col_strided_views/windows.hpp"

namespace cnn {

/// The mean of each window of each channel.
/// @param padded NCHW, padded_shape(geometry)
/// @param output batch x input channels x output height x output width
void average_pool(const ConvolutionGeometry& geometry,
                  std::span<const float> padded, std::span<float> output);

}  // namespace cnn
