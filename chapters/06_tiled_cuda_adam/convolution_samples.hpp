// region quiet: includes
#pragma once

#include <cstdint>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"

namespace cnn {
// endregion

// region samples
/// Some results of one pass in float64: whole arrays would take the CPU longer
/// than the rest of the program.
struct Samples {
  std::vector<std::int64_t> place;
  std::vector<double> value;
  std::vector<double> magnitude;  ///< sum of |a_i b_i|
  std::vector<double> winograd;   ///< its own, where it can be used
};

/// Of a convolution with a stride of 1 and 3 x 3 taps.
Samples sample(const RandomProblem& problem, ConvolutionPass pass);

/// Terms of the sums that define the results.
std::int64_t terms_of(const ConvolutionGeometry& geometry,
                      ConvolutionPass pass);

}  // namespace cnn
// endregion
