#include "exercise.hpp"

#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

constexpr int kTile = 16;

/// 0 where the matrix has ended.
__device__ float number(const float* matrix, int rows, int columns, int row,
                        int column) {
  return row < rows && column < columns ? matrix[row * columns + column] : 0;
}

// mend this
// Tile t lies in room t % 2: one is filled while the other is read.
__global__ void double_buffered(const float* a, const float* b, float* c, int m,
                                int n, int k) {
  __shared__ float tile_a[2][kTile][kTile];
  __shared__ float tile_b[2][kTile][kTile];
  const int x = static_cast<int>(threadIdx.x);
  const int y = static_cast<int>(threadIdx.y);
  const int row = static_cast<int>(blockIdx.y) * kTile + y;
  const int column = static_cast<int>(blockIdx.x) * kTile + x;
  const auto fill = [&](int tile) {
    const int first = tile * kTile;
    tile_a[tile % 2][y][x] = number(a, m, k, row, first + x);
    tile_b[tile % 2][y][x] = number(b, k, n, first + y, column);
  };
  const int tiles = (k + kTile - 1) / kTile;
  float sum = 0;
  fill(0);
  for (int tile = 0; tile < tiles; ++tile) {
    if (tile + 1 < tiles) fill(tile + 1);
    __syncthreads();
    for (int term = 0; term < kTile; ++term) {
      sum += tile_a[tile % 2][y][term] * tile_b[tile % 2][term][x];
    }
  }
  if (row < m && column < n) c[row * n + column] = sum;
}

unsigned tiles_for(int size) {
  return static_cast<unsigned>((size + kTile - 1) / kTile);
}

}  // namespace

void multiply_double_buffered(const Stream& stream, const float* a,
                              const float* b, float* c, int m, int n, int k) {
  launch(double_buffered,
         {dim3(tiles_for(n), tiles_for(m)), dim3(kTile, kTile)}, stream, a, b,
         c, m, n, k);
}

}  // namespace CNN_GPU
}  // namespace cnn
