#pragma once

#include <cstdint>
#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"

namespace cnn {

/// The forward convolution, with columns for `strip` rows of output pixels at
/// a time.
/// @param padded NCHW, padded_shape(geometry)
/// @param filter OIHW, geometry.filter_shape()
/// @param output NCHW, geometry.output_shape(); overwritten
/// @param strip  at least 1; the last strip of an image may be shorter
void strip_forward(const ConvolutionGeometry& geometry,
                   std::span<const float> padded, std::span<const float> filter,
                   std::span<float> output, std::int64_t strip);

}  // namespace cnn
