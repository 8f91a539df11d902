#pragma once

#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"

namespace cnn {

/// col2im, by additions through views that do not overlap themselves.
/// @param columns batch x (channels ky kx) x (oy ox)
/// @param image   NCHW, geometry.input_shape(); overwritten
void col2im_in_parts(const ConvolutionGeometry& geometry,
                     std::span<const float> columns, std::span<float> image);

}  // namespace cnn
