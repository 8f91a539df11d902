// region quiet: includes
#pragma once

#include <span>
#include <vector>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "common/error_bound.hpp"

namespace cnn {
// endregion

// region reference-result
/// A result in float64, and for each element the sum of |a_i b_i| over the
/// products it is made of, which scales the error that float32 may have.
struct ReferenceResult {
  std::vector<double> value;
  std::vector<double> magnitude;

  explicit ReferenceResult(const Shape& shape);
  operator Reference() const { return {value, magnitude}; }
};
// endregion

// region reference-declarations
/// Float64 references for the three convolutions, written as a scatter over
/// the inputs where convolution.cpp gathers over the outputs, so that one
/// mistake in an index cannot hide in both.
ReferenceResult reference_forward(const ConvolutionGeometry& geometry,
                                  std::span<const float> input,
                                  std::span<const float> filter);
/// The gradient of the input, from that of the output.
ReferenceResult reference_backward_input(const ConvolutionGeometry& geometry,
                                         std::span<const float> output_gradient,
                                         std::span<const float> filter);
/// The gradient of the filter, from that of the output.
ReferenceResult reference_backward_filter(
    const ConvolutionGeometry& geometry, std::span<const float> input,
    std::span<const float> output_gradient);

/// Products in the longest sum of an input gradient, for the bound.
std::int64_t backward_input_terms(const ConvolutionGeometry& geometry);
/// Products in each sum of a filter gradient, for the bound.
std::int64_t backward_filter_terms(const ConvolutionGeometry& geometry);

}  // namespace cnn
// endregion
