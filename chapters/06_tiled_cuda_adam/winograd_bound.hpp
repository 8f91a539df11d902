// region quiet: includes
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"

namespace cnn {
// endregion

// region winograd-bound
/// Winograd's convolution adds up other products than those of the definition,
/// larger ones that cancel. Its rounding errors are bounded by theirs: the
/// course's bound holds with |A^T| [(|G| |filter| |G|^T) . (|B^T| |input| |B|)]
/// |A| in place of sum |a_i b_i|, all matrices without their signs.
///
/// Of the elements `places` of the pass's result, in float64.
std::vector<double> winograd_magnitude(const RandomProblem& problem,
                                       ConvolutionPass pass,
                                       std::span<const std::int64_t> places);

/// How many roundings a product meets on its way into that sum, for
/// gamma_bound(): one for each channel (filter gradient: tile) that is added
/// up, and those of the transforms. In each of two directions these are at most
/// 4 for the input, 5 for the filter or output gradient, 6 on the way back,
/// coefficients such as 1/6 included.
std::int64_t winograd_terms(const ConvolutionGeometry& geometry,
                            ConvolutionPass pass);

}  // namespace cnn
// endregion
