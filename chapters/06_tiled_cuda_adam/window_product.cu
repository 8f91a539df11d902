// region quiet: includes
#include "chapters/06_tiled_cuda_adam/window_product.hpp"

#include "chapters/06_tiled_cuda_adam/window_loader.cuh"
#include "common/cuda/launch.cuh"
#include "common/cuda/shared.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region forward-product
namespace {

FastDivisor divisor(std::int64_t number) {
  return FastDivisor(static_cast<int>(number));
}

/// What does not depend on the direction.
WindowProduct product_of(const ConvolutionGeometry& geometry,
                         const Shape& source, const Shape& result) {
  WindowProduct p{};
  p.rows = static_cast<int>(result.channels);
  p.channels = static_cast<int>(source.channels);
  p.plane = static_cast<int>(result.height * result.width);
  p.width = static_cast<int>(result.width);
  p.pixels = static_cast<int>(result.batch) * p.plane;
  p.source_plane = static_cast<int>(source.height * source.width);
  p.source_height = static_cast<int>(source.height);
  p.source_width = static_cast<int>(source.width);
  p.kernel_height = static_cast<int>(geometry.kernel_height);
  p.kernel_width = static_cast<int>(geometry.kernel_width);
  p.stride = static_cast<int>(geometry.stride);
  p.padding = static_cast<int>(geometry.padding);
  p.by_plane = divisor(result.height * result.width);
  p.by_width = divisor(result.width);
  p.by_taps = divisor(geometry.kernel_height * geometry.kernel_width);
  p.by_kernel_width = divisor(geometry.kernel_width);
  p.by_stride = divisor(geometry.stride);
  return p;
}

}  // namespace

WindowProduct forward_product(const ConvolutionGeometry& geometry,
                              const float* input, const float* filter,
                              const float* bias, bool relu, float* output) {
  WindowProduct p =
      product_of(geometry, geometry.input_shape(), geometry.output_shape());
  p.source = input;
  p.filter = filter;
  p.bias = bias;
  p.relu = relu;
  p.result = output;
  p.channel_step = p.kernel_height * p.kernel_width;
  p.row_step = p.channels * p.channel_step;
  return p;
}
// endregion

// region backward-product
WindowProduct backward_product(const ConvolutionGeometry& geometry,
                               const float* output_gradient,
                               const float* filter, float* input_gradient) {
  WindowProduct p =
      product_of(geometry, geometry.output_shape(), geometry.input_shape());
  p.source = output_gradient;
  p.filter = filter;
  p.result = input_gradient;
  p.row_step = p.kernel_height * p.kernel_width;
  p.channel_step = p.rows * p.row_step;
  return p;
}
// endregion

// region write-pixels
namespace {

/// Bias and ReLU while the sums are still in registers: they cost no traffic.
template <class Tile>
__device__ __forceinline__ void write_pixels(const WindowProduct& p,
                                             const Sums<Tile>& sums,
                                             float* shared, int first_row,
                                             int first_pixel) {
  constexpr int kEach = Tile::kColumnsOfWarp / 32;
  int offset[kEach];
#pragma unroll
  for (int each = 0; each < kEach; ++each) {
    const int pixel = first_pixel + column_of<Tile>(each);
    const int image = p.by_plane.quotient(pixel);
    offset[each] = pixel < p.pixels ? image * p.rows * p.plane +
                                          p.by_plane.remainder(pixel, image)
                                    : -1;
  }
  write_tile<Tile>(sums, shared, [&](int row, int each, float sum) {
    const int channel = first_row + row;
    if (channel >= p.rows || offset[each] < 0) return;
    if (p.bias != nullptr) sum += p.bias[channel];
    if (p.relu) sum = fmaxf(sum, 0.0F);
    p.result[offset[each] + channel * p.plane] = sum;
  });
}
// endregion

// region window-kernels
/// Rows of the result are filters, columns are pixels of the whole batch: the
/// matrix of chapter 2's im2col, whose columns exist a step at a time.
template <class Tile, int kStages, int kBlocks, class Loader>
__global__ void __launch_bounds__(Tile::kThreads, kBlocks)
    multiply_windows(WindowProduct p) {
  float* const shared = dynamic_shared<float>();
  const int first_pixel = static_cast<int>(blockIdx.x) * Tile::kColumns;
  const int first_row = static_cast<int>(blockIdx.y) * Tile::kRows;
  Loader loader(p, first_row, first_pixel);
  Sums<Tile> sums;
  const int terms = p.channels * p.kernel_height * p.kernel_width;
  multiply_tiles<Tile, kStages>(loader, pieces(terms, Loader::kDepth), shared,
                                sums);
  write_pixels<Tile>(p, sums, shared, first_row, first_pixel);
}
// endregion

// region launch-windows
template <class Tile, int kStages, int kBlocks, class Loader>
void launch_windows(const WindowProduct& product, const Stream& stream) {
  LaunchShape shape;
  shape.grid =
      dim3(static_cast<unsigned>(pieces(product.pixels, Tile::kColumns)),
           static_cast<unsigned>(pieces(product.rows, Tile::kRows)));
  shape.block = dim3(Tile::kThreads);
  shape.shared_bytes =
      kStages * Stage<Tile, Loader::kDepth>::kSize * sizeof(float);
  launch(multiply_windows<Tile, kStages, kBlocks, Loader>, shape, stream,
         product);
}

/// 3 x 3 taps, a stride of 1 where the direction asks for it.
template <class Tile, int kChannels, int kStages, int kBlocks>
void launch_square(const WindowProduct& product, bool backward,
                   const Stream& stream) {
  if (backward) {
    launch_windows<Tile, kStages, kBlocks,
                   SquareWindowLoader<Tile, 3, kChannels, true>>(product,
                                                                 stream);
  } else {
    launch_windows<Tile, kStages, kBlocks,
                   SquareWindowLoader<Tile, 3, kChannels, false>>(product,
                                                                  stream);
  }
}
// endregion

// region launch-tile
}  // namespace

void multiply_windows(const WindowProduct& product, bool backward,
                      WindowTile tile, const Stream& stream) {
  switch (tile) {
    case WindowTile::kAny:
      if (backward) {
        using Tile = BlockTile<8, 8, 4, 2, 2>;
        launch_windows<Tile, 2, 3, AnyWindowLoader<Tile, true>>(product,
                                                                stream);
      } else {
        using Tile = BlockTile<8, 8, 4, 2, 2>;
        launch_windows<Tile, 2, 3, AnyWindowLoader<Tile, false>>(product,
                                                                 stream);
      }
      break;
    case WindowTile::k128x128:
      return launch_square<BlockTile<16, 8, 4, 2, 2>, 1, 3, 2>(
          product, backward, stream);
    case WindowTile::k64x256:
      return launch_square<BlockTile<16, 8, 4, 1, 4>, 1, 3, 2>(
          product, backward, stream);
    case WindowTile::k64x128:
      return launch_square<BlockTile<8, 8, 4, 2, 2>, 1, 3, 4>(product, backward,
                                                              stream);
    case WindowTile::k64x64:
      return launch_square<BlockTile<8, 4, 4, 2, 2>, 2, 3, 4>(product, backward,
                                                              stream);
    case WindowTile::k48x256:
      return launch_square<BlockTile<12, 8, 4, 1, 4>, 1, 3, 3>(
          product, backward, stream);
    case WindowTile::k32x256:
      return launch_square<BlockTile<8, 8, 4, 1, 4>, 1, 3, 4>(product, backward,
                                                              stream);
    case WindowTile::k32x96:
      return launch_square<BlockTile<8, 4, 4, 1, 3>, 1, 3, 4>(product, backward,
                                                              stream);
  }
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
