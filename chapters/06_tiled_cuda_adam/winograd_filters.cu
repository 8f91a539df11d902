// region quiet: includes
#include "chapters/06_tiled_cuda_adam/batched_product.hpp"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "chapters/06_tiled_cuda_adam/winograd.hpp"
#include "chapters/06_tiled_cuda_adam/winograd_transforms.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region winograd-filter-sizes
namespace {

std::int64_t numbers(int rows, int columns) {
  return std::int64_t{kWinogradTaps} * rows * columns;
}

}  // namespace

Winograd winograd_filters(const WindowProduct& product, int splits) {
  Winograd w = winograd_windows(product, product.pixels / product.plane);
  w.padded_rows = padded(w.rows, kSquareTile);
  w.padded_terms = padded(w.channels, kSquareTile);
  w.padded_tiles =
      padded(w.images * w.tile_rows * w.tile_columns, splits * kProductDepth);
  return w;
}

std::int64_t winograd_filters_workspace(const Winograd& winograd, int splits) {
  return numbers(winograd.padded_terms, winograd.padded_tiles) +
         numbers(winograd.padded_rows, winograd.padded_tiles) +
         splits * numbers(winograd.padded_rows, winograd.padded_terms);
}
// endregion

// region winograd-gradient-kernel
namespace {

constexpr int kThreads = 128;

/// A thread for each tile of one output channel; result[i][row][tile].
__global__ void __launch_bounds__(kThreads)
    transform_gradients(WindowProduct p, Winograd w,
                        const float* __restrict__ output_gradient,
                        float* __restrict__ result) {
  const int tile = static_cast<int>(blockIdx.x * kThreads + threadIdx.x);
  const int row = static_cast<int>(blockIdx.y);
  if (tile >= w.padded_tiles) return;
  const int in_image = w.tile_rows * w.tile_columns;
  const int image = tile / in_image;
  const int top = tile % in_image / w.tile_columns * 4;
  const int left = tile % w.tile_columns * 4;
  const int height = p.plane / p.width;
  float numbers[4][4] = {};
  if (image < w.images && row < w.rows) {
    const float* from = output_gradient + (image * p.rows + row) * p.plane;
#pragma unroll
    for (int i = 0; i < 16; ++i) {
      const int y = top + i / 4;
      const int x = left + i % 4;
      if (y < height && x < p.width) {
        numbers[i / 4][i % 4] = from[y * p.width + x];
      }
    }
  }
  float transformed[6][6];
  transform_tile<OutputGradientTransform>(numbers, transformed);
#pragma unroll
  for (int i = 0; i < kWinogradTaps; ++i) {
    result[(i * w.padded_rows + row) * w.padded_tiles + tile] =
        transformed[i / 6][i % 6];
  }
}
// endregion

// region winograd-weights-kernel
/// A thread for each filter of one output and input channel: adds the parts,
/// always in the same order, and transforms the sums.
__global__ void __launch_bounds__(kThreads)
    transform_weights(Winograd w, int splits, const float* __restrict__ parts,
                      float* __restrict__ filter_gradient) {
  const int channel = static_cast<int>(blockIdx.x * kThreads + threadIdx.x);
  const int row = static_cast<int>(blockIdx.y);
  if (channel >= w.channels) return;
  const int size = w.padded_rows * w.padded_terms;
  float sums[6][6] = {};
  for (int split = 0; split < splits; ++split) {
    const float* part =
        parts + split * kWinogradTaps * size + row * w.padded_terms + channel;
#pragma unroll
    for (int i = 0; i < kWinogradTaps; ++i) {
      sums[i / 6][i % 6] += part[i * size];
    }
  }
  float weights[3][3];
  transform_tile<FilterGradientTransform>(sums, weights);
#pragma unroll
  for (int tap = 0; tap < 9; ++tap) {
    filter_gradient[(row * w.channels + channel) * 9 + tap] =
        weights[tap / 3][tap % 3];
  }
}
// endregion

// region winograd-filter-launches
dim3 blocks(int columns, int rows) {
  return {static_cast<unsigned>(pieces(columns, kThreads)),
          static_cast<unsigned>(rows)};
}

}  // namespace

void winograd_multiply_filters(const WindowProduct& product,
                               const Winograd& winograd, int splits,
                               const float* output_gradient,
                               float* filter_gradient, float* workspace,
                               const Stream& stream) {
  const Winograd& w = winograd;
  float* const sources = workspace;
  float* const gradients = sources + numbers(w.padded_terms, w.padded_tiles);
  float* const parts = gradients + numbers(w.padded_rows, w.padded_tiles);
  winograd_transform_sources(product, w, product.padding, 0, sources, stream);
  launch(transform_gradients,
         {blocks(w.padded_tiles, w.padded_rows), dim3(kThreads)}, stream,
         product, w, output_gradient, gradients);
  multiply_row_by_row({gradients, sources, parts, kWinogradTaps, w.padded_rows,
                       w.padded_terms, w.padded_tiles, splits},
                      stream);
  launch(transform_weights, {blocks(w.channels, w.rows), dim3(kThreads)},
         stream, w, splits, parts, filter_gradient);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
