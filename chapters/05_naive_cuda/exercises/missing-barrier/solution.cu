#include "exercise.hpp"

#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

constexpr int kThreads = 64;

// All threads of a block want the same x. They fetch 64 of its numbers
// together, one each, and then read them from shared memory.
__global__ void multiply_rows(const float* matrix, const float* x, float* y,
                              int rows, int columns) {
  __shared__ float part[kThreads];
  const int thread = static_cast<int>(threadIdx.x);
  const int row = static_cast<int>(blockIdx.x) * kThreads + thread;
  float sum = 0;
  for (int begin = 0; begin < columns; begin += kThreads) {
    if (begin + thread < columns) part[thread] = x[begin + thread];
    __syncthreads();
    const int count = min(kThreads, columns - begin);
    for (int k = 0; k < count && row < rows; ++k) {
      sum += matrix[row * columns + begin + k] * part[k];
    }
    __syncthreads();  // before anybody overwrites what others still read
  }
  if (row < rows) y[row] = sum;
}

}  // namespace

void multiply_by_vector(const Stream& stream, const float* matrix,
                        const float* x, float* y, int rows, int columns) {
  const dim3 blocks(static_cast<unsigned>((rows + kThreads - 1) / kThreads));
  launch(multiply_rows, {blocks, dim3(kThreads)}, stream, matrix, x, y, rows,
         columns);
}

}  // namespace CNN_GPU
}  // namespace cnn
