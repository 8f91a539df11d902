// region quiet: includes
#include "chapters/06_tiled_cuda_adam/plan_sizes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "common/errors.hpp"

namespace cnn {
// endregion

// region check-sizes
namespace {

constexpr std::int64_t kMost = std::numeric_limits<int>::max();

}  // namespace

void check_sizes(const ConvolutionGeometry& geometry) {
  geometry.validate();
  for (const Shape& shape : {geometry.input_shape(), geometry.filter_shape(),
                             geometry.output_shape()}) {
    if (shape.size() > kMost) {
      throw InputError(fmt::format(
          "convolution ({}): found an array of {} numbers, the GPU kernels "
          "count up to {}; a smaller batch helps",
          to_string(geometry), shape.size(), kMost));
    }
  }
}
// endregion

// region which-fits
bool fits_square(const ConvolutionGeometry& geometry, ConvolutionPass pass) {
  return geometry.kernel_height == 3 && geometry.kernel_width == 3 &&
         (pass != ConvolutionPass::kInputGradient || geometry.stride == 1);
}

bool fits_first_layer(const ConvolutionGeometry& geometry,
                      ConvolutionPass pass) {
  return geometry.input_channels == 1 && fits_square(geometry, pass);
}

bool fits_winograd(const ConvolutionGeometry& geometry, std::int64_t images) {
  if (!fits_square(geometry, ConvolutionPass::kInputGradient)) return false;
  const Shape input = geometry.input_shape();
  const Shape output = geometry.output_shape();
  const std::int64_t tiles = images *
                             pieces(std::max(input.height, output.height), 4) *
                             pieces(std::max(input.width, output.width), 4);
  const std::int64_t channels = std::max(input.channels, output.channels);
  // Filled up to whole tiles of the product, 128 x 128 or 64 x 256.
  return 36 * pieces(tiles, 256) * 256 * pieces(channels, 128) * 128 <= kMost;
}
// endregion

// region product-size
ProductSize size_of(const ConvolutionGeometry& geometry, ConvolutionPass pass) {
  const Shape output = geometry.output_shape();
  const std::int64_t pixels = output.batch * output.height * output.width;
  if (pass == ConvolutionPass::kFilterGradient) {
    return {geometry.output_channels, geometry.terms(), pixels};
  }
  const Shape result = result_shape(geometry, pass);
  return {result.channels, result.batch * result.height * result.width,
          geometry.kernel_height * geometry.kernel_width *
              (pass == ConvolutionPass::kForward ? geometry.input_channels
                                                 : geometry.output_channels)};
}

std::int64_t tiles_in(const ProductSize& size, int rows, int columns) {
  return pieces(size.rows, rows) * pieces(size.columns, columns);
}

int splits_for(const ProductSize& size, std::int64_t tiles, int blocks) {
  constexpr std::int64_t kShortest = 96;
  const std::int64_t most = pieces(size.terms, kShortest);
  return static_cast<int>(std::clamp<std::int64_t>(blocks / tiles, 1, most));
}

}  // namespace cnn
// endregion
