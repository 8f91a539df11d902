// region quiet: includes
#pragma once

#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/03_blocked_gemm/gemm.hpp"

namespace cnn {
// endregion

// region implicit-declarations
/// Convolution as chapter 2's matrix products, but no column matrix: whoever
/// packs a block of it reads the image. NCHW and OIHW, as in chapter 1; the
/// three directions, any geometry. `options.epilogue.row_bias` is one number
/// for each output channel (forward only); alpha and beta must be 1 and 0. The
/// same bits for every number of threads.
void implicit_forward(const ConvolutionGeometry& geometry,
                      std::span<const float> input,
                      std::span<const float> filter, std::span<float> output,
                      const GemmOptions& options, GemmScratch& scratch);

/// Likewise, the gradient of the input.
void implicit_backward_input(const ConvolutionGeometry& geometry,
                             std::span<const float> output_gradient,
                             std::span<const float> filter,
                             std::span<float> input_gradient,
                             const GemmOptions& options, GemmScratch& scratch);

/// Likewise, the gradient of the filter.
void implicit_backward_filter(const ConvolutionGeometry& geometry,
                              std::span<const float> input,
                              std::span<const float> output_gradient,
                              std::span<float> filter_gradient,
                              const GemmOptions& options, GemmScratch& scratch);

}  // namespace cnn
// endregion
