// region quiet: includes
#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-kernel
namespace {

/// The tile of a lies turned: further steps want several rows of it at once.
template <int kTile, int kPadding>
__global__ void tiled_product(Product p) {
  __shared__ float tile_a[kTile][kTile + kPadding];
  __shared__ float tile_b[kTile][kTile];
  const int x = static_cast<int>(threadIdx.x);
  const int y = static_cast<int>(threadIdx.y);
  const int row = static_cast<int>(blockIdx.x) * kTile + y;
  const int column = static_cast<int>(blockIdx.y) * kTile + x;
  float sum = 0;
  for (int first = 0; first < p.k; first += kTile) {
    const bool has_a = row < p.m && first + x < p.k;
    const bool has_b = column < p.n && first + y < p.k;
    tile_a[x][y] = has_a ? p.a[row * p.lda + first + x] : 0.0F;
    tile_b[y][x] = has_b ? p.b[(first + y) * p.ldb + column] : 0.0F;
    __syncthreads();
    for (int k = 0; k < kTile; ++k) sum += tile_a[k][y] * tile_b[k][x];
    __syncthreads();
  }
  if (row < p.m && column < p.n) p.c[row * p.ldc + column] = sum;
}
// endregion

// region tiled-launches
constexpr int kSide = 32;  // of a tile: 1024 threads

template <int kTile, int kPadding>
void launch_tiled(const Product& product, const Stream& stream) {
  if (product.m == 0 || product.n == 0) return;
  launch(tiled_product<kTile, kPadding>,
         {tiles_of(product, kTile, kTile), dim3(kTile, kTile)}, stream,
         product);
}

}  // namespace

void multiply_in_tiles(const Product& product, const Stream& stream) {
  require_product("multiply_in_tiles", product);
  launch_tiled<kSide, 0>(product, stream);
}

void multiply_in_tiny_tiles(const Product& product, const Stream& stream) {
  require_product("multiply_in_tiny_tiles", product);
  launch_tiled<4, 0>(product, stream);
}

void multiply_in_padded_tiles(const Product& product, const Stream& stream) {
  require_product("multiply_in_padded_tiles", product);
  launch_tiled<kSide, 1>(product, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
