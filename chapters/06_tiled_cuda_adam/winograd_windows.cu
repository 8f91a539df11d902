// region quiet: includes
#include "chapters/06_tiled_cuda_adam/batched_product.hpp"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "chapters/06_tiled_cuda_adam/winograd.hpp"
#include "chapters/06_tiled_cuda_adam/winograd_transforms.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region winograd-sizes
Winograd winograd_windows(const WindowProduct& product, int images) {
  const int width = product.width;
  Winograd w{};
  w.rows = product.rows;
  w.channels = product.channels;
  w.images = images;
  w.tile_rows = pieces(product.plane / width, 4);
  w.tile_columns = pieces(width, 4);
  w.padded_rows = padded(w.rows, kProductRows);
  w.padded_terms = padded(w.channels, kProductDepth);
  w.padded_tiles = padded(images * w.tile_rows * w.tile_columns,
                          product_columns(w.padded_rows));
  return w;
}

std::int64_t winograd_workspace(const Winograd& winograd) {
  const std::int64_t r = winograd.padded_rows;
  const std::int64_t c = winograd.padded_terms;
  const std::int64_t t = winograd.padded_tiles;
  return kWinogradTaps * (r * c + c * t + r * t);
}
// endregion

// region winograd-filter-kernel
namespace {

constexpr int kThreads = 128;

/// A thread for each filter of one row and channel; what is padding becomes 0.
/// result[i][channel][row] is number i of the transformed filter.
__global__ void __launch_bounds__(kThreads)
    transform_filters(WindowProduct p, Winograd w, bool backward,
                      float* __restrict__ result) {
  const int row = static_cast<int>(blockIdx.x * kThreads + threadIdx.x);
  const int channel = static_cast<int>(blockIdx.y);
  if (row >= w.padded_rows) return;
  float filter[3][3] = {};
  if (row < w.rows && channel < w.channels) {
    const float* from = p.filter + row * p.row_step + channel * p.channel_step;
#pragma unroll
    for (int tap = 0; tap < 9; ++tap) {
      filter[tap / 3][tap % 3] = from[backward ? 8 - tap : tap];
    }
  }
  float transformed[6][6];
  transform_tile<FilterTransform>(filter, transformed);
#pragma unroll
  for (int i = 0; i < kWinogradTaps; ++i) {
    result[(i * w.padded_terms + channel) * w.padded_rows + row] =
        transformed[i / 6][i % 6];
  }
}
// endregion

// region winograd-tile-place
/// Which tile a thread works on.
struct TilePlace {
  int image;
  int top;   ///< first row of its result
  int left;  ///< first column of its result
  bool there;
};

__device__ __forceinline__ TilePlace tile_place(int tile, int images,
                                                int tile_rows,
                                                int tile_columns) {
  const int in_image = tile_rows * tile_columns;
  const int image = tile / in_image;
  const int row = tile % in_image / tile_columns;
  return {image, row * 4, tile % tile_columns * 4, image < images};
}
// endregion

// region winograd-source-kernel
/// A thread for each tile of one channel: neighbouring lanes read neighbouring
/// tiles and write neighbouring numbers. result[i][channel][tile].
__global__ void __launch_bounds__(kThreads)
    transform_sources(WindowProduct p, Winograd w, int border, int first_image,
                      float* __restrict__ result) {
  const int tile = static_cast<int>(blockIdx.x * kThreads + threadIdx.x);
  const int channel = static_cast<int>(blockIdx.y);
  if (tile >= w.padded_tiles) return;
  const TilePlace place =
      tile_place(tile, w.images, w.tile_rows, w.tile_columns);
  const int image = first_image + place.image;
  const bool there =
      place.there && channel < w.channels && image * p.plane < p.pixels;
  float numbers[6][6] = {};
  if (there) {
    const float* from =
        p.source + (image * p.channels + channel) * p.source_plane;
#pragma unroll
    for (int i = 0; i < kWinogradTaps; ++i) {
      const int y = place.top - border + i / 6;
      const int x = place.left - border + i % 6;
      const bool inside =
          y >= 0 && y < p.source_height && x >= 0 && x < p.source_width;
      if (inside) numbers[i / 6][i % 6] = from[y * p.source_width + x];
    }
  }
  float transformed[6][6];
  transform_tile<InputTransform>(numbers, transformed);
#pragma unroll
  for (int i = 0; i < kWinogradTaps; ++i) {
    result[(i * w.padded_terms + channel) * w.padded_tiles + tile] =
        transformed[i / 6][i % 6];
  }
}
// endregion

// region winograd-result-kernel
/// A thread for each tile of one channel of the result.
__global__ void __launch_bounds__(kThreads)
    transform_results(WindowProduct p, Winograd w, int first_image,
                      const float* __restrict__ products) {
  const int tile = static_cast<int>(blockIdx.x * kThreads + threadIdx.x);
  const int row = static_cast<int>(blockIdx.y);
  const TilePlace place =
      tile_place(tile, w.images, w.tile_rows, w.tile_columns);
  const int image = first_image + place.image;
  if (!place.there || image * p.plane >= p.pixels) return;
  float numbers[6][6];
#pragma unroll
  for (int i = 0; i < kWinogradTaps; ++i) {
    numbers[i / 6][i % 6] =
        products[(i * w.padded_rows + row) * w.padded_tiles + tile];
  }
  float result[4][4];
  transform_tile<OutputTransform>(numbers, result);
  const float bias = p.bias != nullptr ? p.bias[row] : 0.0F;
  const int height = p.plane / p.width;
  float* const to = p.result + (image * p.rows + row) * p.plane;
#pragma unroll
  for (int y = 0; y < 4; ++y) {
#pragma unroll
    for (int x = 0; x < 4; ++x) {
      result[y][x] += bias;
      if (p.relu && result[y][x] < 0) result[y][x] = 0;
    }
    if (place.top + y >= height) break;
    float* const line = to + (place.top + y) * p.width + place.left;
    if (p.width % 4 == 0) {  // then every tile begins at 16 bytes
      write4(result[y], line);
      continue;
    }
#pragma unroll
    for (int x = 0; x < 4; ++x) {
      if (place.left + x < p.width) line[x] = result[y][x];
    }
  }
}
// endregion

// region winograd-launches
dim3 tiles_by(int tiles, int channels) {
  return {static_cast<unsigned>(pieces(tiles, kThreads)),
          static_cast<unsigned>(channels)};
}

}  // namespace

void winograd_transform_sources(const WindowProduct& product,
                                const Winograd& winograd, int border,
                                int first_image, float* result,
                                const Stream& stream) {
  launch(
      transform_sources,
      {tiles_by(winograd.padded_tiles, winograd.padded_terms), dim3(kThreads)},
      stream, product, winograd, border, first_image, result);
}

void winograd_multiply_windows(const WindowProduct& product, bool backward,
                               const Winograd& winograd, float* workspace,
                               const Stream& stream) {
  const Winograd& w = winograd;
  float* const filters = workspace;
  float* const sources =
      filters + std::int64_t{kWinogradTaps} * w.padded_rows * w.padded_terms;
  float* const products =
      sources + std::int64_t{kWinogradTaps} * w.padded_terms * w.padded_tiles;
  launch(transform_filters,
         {tiles_by(w.padded_rows, w.padded_terms), dim3(kThreads)}, stream,
         product, w, backward, filters);
  const int border = backward ? 2 - product.padding : product.padding;
  for (int image = 0; image * product.plane < product.pixels;
       image += w.images) {
    winograd_transform_sources(product, w, border, image, sources, stream);
    multiply_term_by_term({filters, sources, products, kWinogradTaps,
                           w.padded_rows, w.padded_tiles, w.padded_terms, 1},
                          stream);
    launch(transform_results,
           {tiles_by(w.images * w.tile_rows * w.tile_columns, w.rows),
            dim3(kThreads)},
           stream, product, w, image, products);
  }
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
