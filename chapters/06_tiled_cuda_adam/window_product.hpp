// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"
#include "chapters/06_tiled_cuda_adam/fast_divisor.hpp"
#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region window-product
/// What forward pass and input gradient have in common: every pixel of the
/// result, in each of its channels ("rows"), is a sum over the channels of the
/// source and over the taps of the kernel:
///
///   result[n, row, y, x] = sum over channel, ky, kx of
///       source[n, channel, position of (y, ky), position of (x, kx)]
///       * filter[row * row_step + channel * channel_step + tap]
///
/// Forward, y finds the source at y * stride - padding + ky. Backward it is the
/// other way round: output row (y + padding - ky) / stride used input row y,
/// if that division leaves no remainder.
struct WindowProduct {
  const float* source;
  const float* filter;
  const float* bias;  ///< one for each row, or null
  float* result;
  int rows;      ///< channels of the result
  int channels;  ///< channels of the source
  int pixels;    ///< of the result, in the whole batch
  int plane;     ///< of the result, in one image
  int width;     ///< of the result
  int source_plane;
  int source_height;
  int source_width;
  int kernel_height;
  int kernel_width;
  int stride;
  int padding;
  int row_step;      ///< in the filter
  int channel_step;  ///< in the filter
  int packed_rows;   ///< of packed filters: see window_workspace()
  bool relu;
  FastDivisor by_plane;
  FastDivisor by_width;  ///< of the result
  FastDivisor by_taps;   ///< kernel_height * kernel_width
  FastDivisor by_kernel_width;
  FastDivisor by_stride;
};
// endregion

// region window-products
/// The output of a convolution as such a product.
WindowProduct forward_product(const ConvolutionGeometry& geometry,
                              const float* input, const float* filter,
                              const float* bias, bool relu, float* output);
/// The gradient of its input.
WindowProduct backward_product(const ConvolutionGeometry& geometry,
                               const float* output_gradient,
                               const float* filter, float* input_gradient);
// endregion

// region multiply-windows
/// Floats of workspace for a product by tiles of this size: the filter once
/// more, packed[term][row], a term being a channel and a tap. What a step needs
/// of a term lies together there, filled up with zeros to whole tiles.
std::int64_t window_workspace(const WindowProduct& product, WindowTile tile);
/// Computes a product, by tiles of this size.
void multiply_windows(const WindowProduct& product, bool backward,
                      WindowTile tile, float* workspace, const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
