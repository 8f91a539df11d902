#include "exercise.hpp"

#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

constexpr int kThreads = 64;

__device__ float number(const float* x, int size, int i) {
  return i >= 0 && i < size ? x[i] : 0;
}

// mend this
// The tile holds the block's 64 numbers and, on either side, the three that
// windows reach to: the halo. tile[0] is number `first` of x.
__global__ void slide(const float* x, float* y, int size) {
  __shared__ float tile[kRadius + kThreads + kRadius];
  const int thread = static_cast<int>(threadIdx.x);
  const int first = static_cast<int>(blockIdx.x) * kThreads - kRadius;
  const int own = kRadius + thread;
  tile[own] = number(x, size, first + own);
  if (thread < kRadius) {
    const int right = kThreads + kRadius + thread - 1;
    tile[thread] = number(x, size, first + thread);
    tile[right] = number(x, size, first + right);
  }
  __syncthreads();

  float sum = 0;
  for (int offset = -kRadius; offset <= kRadius; ++offset) {
    sum += tile[own + offset];
  }
  if (first + own < size) y[first + own] = sum;
}

}  // namespace

void sum_windows(const Stream& stream, const float* x, float* y, int size) {
  const dim3 blocks(static_cast<unsigned>((size + kThreads - 1) / kThreads));
  launch(slide, {blocks, dim3(kThreads)}, stream, x, y, size);
}

}  // namespace CNN_GPU
}  // namespace cnn
