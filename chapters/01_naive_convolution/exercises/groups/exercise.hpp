#pragma once

#include <cstdint>
#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"

namespace cnn {

/// Convolution in which output channels of one of `groups` groups see the
/// input channels of that group only.
/// @param groups divides both channel counts
/// @param filter OIHW with geometry.input_channels / groups input channels
void grouped_forward(const ConvolutionGeometry& geometry, std::int64_t groups,
                     std::span<const float> input,
                     std::span<const float> filter, std::span<float> output);

/// FLOP and least bytes of grouped_forward.
Work grouped_work(const ConvolutionGeometry& geometry, std::int64_t groups);

}  // namespace cnn
