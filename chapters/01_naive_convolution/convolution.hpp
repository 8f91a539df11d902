// region quiet: includes
#pragma once

#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"

namespace cnn {
// endregion

// region forward-declaration
/// Cross-correlates a batch of images with a bank of filters, as seven loops:
///
///   output[n,o,y,x] = sum over i, ky, kx of
///       input[n, i, y*stride + ky - padding, x*stride + kx - padding]
///       * filter[o, i, ky, kx],
///
/// where the input counts as 0 outside its borders.
/// @param input  NCHW, geometry.input_shape()
/// @param filter OIHW, geometry.filter_shape()
/// @param output NCHW, geometry.output_shape(); overwritten
void convolution_forward(const ConvolutionGeometry& geometry,
                         std::span<const float> input,
                         std::span<const float> filter,
                         std::span<float> output);
// endregion

// region backward-declarations
/// The gradient of a loss with respect to the input, given its gradient with
/// respect to the output. Every product of the forward pass sends its share
/// back: input_gradient += output_gradient * filter.
/// @param input_gradient NCHW, geometry.input_shape(); overwritten
void convolution_backward_input(const ConvolutionGeometry& geometry,
                                std::span<const float> output_gradient,
                                std::span<const float> filter,
                                std::span<float> input_gradient);

/// The gradient of a loss with respect to the filters, likewise:
/// filter_gradient += output_gradient * input.
/// @param filter_gradient OIHW, geometry.filter_shape(); overwritten
void convolution_backward_filter(const ConvolutionGeometry& geometry,
                                 std::span<const float> input,
                                 std::span<const float> output_gradient,
                                 std::span<float> filter_gradient);

}  // namespace cnn
// endregion
