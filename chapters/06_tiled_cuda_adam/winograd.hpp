// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/06_tiled_cuda_adam/window_product.hpp"
#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region winograd
/// Winograd's convolution F(4x4, 3x3). A tile of 4 x 4 outputs of a 3 x 3
/// convolution takes 144 multiplications; cut, transformed and multiplied
/// number by number it takes 36:
///
///   output = A^T [ (G filter G^T) . (B^T input B) ] A,
///
/// with a 6 x 6 tile of input. The sum over channels may be taken between the
/// brackets, which makes 36 matrix products of what was one convolution, with a
/// quarter of the multiplications. The price: the transformed arrays have to be
/// written and read, and rounding errors grow, by the transforms' coefficients.
/// Source: Lavin and Gray, "Fast algorithms for convolutional neural networks",
/// CVPR 2016; Winograd, "Arithmetic complexity of computations", SIAM 1980.
struct Winograd {
  int rows;          ///< channels of the result
  int channels;      ///< channels of the source
  int images;        ///< at a time
  int tile_rows;     ///< of the result, in an image
  int tile_columns;  ///< of the result, in an image
  int padded_rows;   ///< up to whole tiles of the product
  int padded_terms;  ///< channels, likewise
  int padded_tiles;  ///< images * tile_rows * tile_columns, likewise
};

/// Numbers in a transformed tile, and so the number of products.
inline constexpr int kWinogradTaps = 36;
// endregion

// region winograd-windows
/// Forward pass and input gradient; `images` of the batch at a time, so that
/// what is in between has room. Fewer than all of them are slower.
Winograd winograd_windows(const WindowProduct& product, int images);
/// Floats it needs beside its arguments.
std::int64_t winograd_workspace(const Winograd& winograd);
/// Computes a WindowProduct in that way.
void winograd_multiply_windows(const WindowProduct& product, bool backward,
                               const Winograd& winograd, float* workspace,
                               const Stream& stream);
/// Its first half, for the source: result[i][channel][tile] is number i of the
/// transformed tile, whose first row and column lie `border` before those of
/// its results. Images from `first_image` on.
void winograd_transform_sources(const WindowProduct& product,
                                const Winograd& winograd, int border,
                                int first_image, float* result,
                                const Stream& stream);
// endregion

// region winograd-filters
/// The filter gradient. With dY the gradient of the output, the formula read
/// from its other end:
///
///   filter gradient = G^T [ sum over tiles (A dY A^T) . (B^T input B) ] G.
///
/// The sum over tiles is cut into `splits` parts.
///
/// `product` is that of the forward pass; its result and filter are not used.
Winograd winograd_filters(const WindowProduct& product, int splits);
/// Floats it needs beside its arguments.
std::int64_t winograd_filters_workspace(const Winograd& winograd, int splits);
/// Computes a filter gradient in that way.
void winograd_multiply_filters(const WindowProduct& product,
                               const Winograd& winograd, int splits,
                               const float* output_gradient,
                               float* filter_gradient, float* workspace,
                               const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
