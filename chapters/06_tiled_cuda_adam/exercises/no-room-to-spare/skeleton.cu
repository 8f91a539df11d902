#include "exercise.hpp"

#include "common/cuda/launch.cuh"
#include "common/cuda/shared.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

constexpr int kTile = 32;

// mend this
// Where the tile keeps the number of this row and column.
__device__ int place(int row, int column) {
  return row * kTile + column;
}

__global__ void turn_unpadded(const float* from, float* to, int size) {
  float* const tile = dynamic_shared<float>();
  const int x = static_cast<int>(threadIdx.x);
  const int y = static_cast<int>(threadIdx.y);
  const int left = static_cast<int>(blockIdx.x) * kTile;
  const int top = static_cast<int>(blockIdx.y) * kTile;
  tile[place(y, x)] = from[(top + y) * size + left + x];
  __syncthreads();
  to[(left + y) * size + top + x] = tile[place(x, y)];
}

}  // namespace

void transpose_unpadded(const Stream& stream, const float* from, float* to,
                        int size) {
  const auto tiles = static_cast<unsigned>(size / kTile);
  launch(
      turn_unpadded,
      {dim3(tiles, tiles), dim3(kTile, kTile), kTile * kTile * sizeof(float)},
      stream, from, to, size);
}

}  // namespace CNN_GPU
}  // namespace cnn
