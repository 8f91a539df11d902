#include "exercise.hpp"

#include "chapters/06_tiled_cuda_adam/block_sum.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

constexpr int kThreads = 128;
constexpr int kWarps = kThreads / 32;

__global__ void add_rows(const float* x, float* sums, int rows, int columns) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int warp = static_cast<int>(threadIdx.x) / 32;
  const int row = static_cast<int>(blockIdx.x) * kWarps + warp;
  if (row >= rows) return;  // the whole warp
  float sum = 0;
  for (int i = lane; i < columns; i += 32) {
    sum += x[row * columns + i];
  }
  sum = warp_sum(sum);
  if (lane == 0) sums[row] = sum;
}

}  // namespace

void sum_rows(const Stream& stream, const float* x, float* sums, int rows,
              int columns) {
  const dim3 blocks(static_cast<unsigned>((rows + kWarps - 1) / kWarps));
  launch(add_rows, {blocks, dim3(kThreads)}, stream, x, sums, rows, columns);
}

}  // namespace CNN_GPU
}  // namespace cnn
