// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"

namespace cnn {
// endregion

// region which-fits
/// Throws InputError when there is no such convolution, or when an array is too
/// large for kernels that count in 32 bits.
void check_sizes(const ConvolutionGeometry& geometry);
/// Whether kernels that know their taps can be used.
bool fits_square(const ConvolutionGeometry& geometry, ConvolutionPass pass);
/// Whether those of the first layer can.
bool fits_first_layer(const ConvolutionGeometry& geometry,
                      ConvolutionPass pass);
/// Whether Winograd's can, for all three passes, with so many images at a time:
/// transformed arrays are larger, and counted in 32 bits as well.
bool fits_winograd(const ConvolutionGeometry& geometry, std::int64_t images);
// endregion

// region product-size
/// A pass as a matrix product: rows and columns of the result, and the terms of
/// its sums.
struct ProductSize {
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t terms;
};

/// How large that is for a pass.
ProductSize size_of(const ConvolutionGeometry& geometry, ConvolutionPass pass);

/// How many pieces of `size` it takes to cover `total`.
constexpr std::int64_t pieces(std::int64_t total, std::int64_t size) {
  return (total + size - 1) / size;
}
/// Tiles of this size that cover the result.
std::int64_t tiles_in(const ProductSize& size, int rows, int columns);
/// Parts of a sum, so that there are about `blocks` of them for `tiles` each,
/// but none shorter than a dozen steps.
int splits_for(const ProductSize& size, std::int64_t tiles, int blocks);

}  // namespace cnn
// endregion
