// region quiet: includes
#pragma once

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"
#include "chapters/06_tiled_cuda_adam/fast_divisor.hpp"
#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region filter-product
/// The gradient of the filters as a matrix product: rows are output channels,
/// columns the weights of one filter, and the sum runs over every pixel of the
/// output in the whole batch. That sum is long and the result small, so it is
/// cut into `splits` parts: part s covers pixels [s * share, (s + 1) * share)
/// and writes a whole result of its own, `result + s * rows * columns`.
struct FilterProduct {
  const float* input;
  const float* output_gradient;
  float* result;
  int rows;     ///< output channels
  int columns;  ///< input channels * taps
  int pixels;   ///< of the output, in the whole batch
  int plane;    ///< of the output, in one image
  int share;    ///< pixels of a part
  int splits;
  int channels;  ///< of the input
  int input_plane;
  int input_height;
  int input_width;
  int stride;
  int padding;
  FastDivisor by_plane;
  FastDivisor by_width;
  FastDivisor by_taps;
  FastDivisor by_kernel_width;
};
// endregion

// region filter-product-declarations
/// For this geometry, in at most `splits` parts; the result is still to be
/// given.
FilterProduct filter_product(const ConvolutionGeometry& geometry,
                             const float* input, const float* output_gradient,
                             int splits);

/// Computes all parts, by tiles of this size.
void multiply_filters(const FilterProduct& product, FilterTile tile,
                      const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
