#include "exercise.hpp"

#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

// One thread, in order.
__global__ void add_partials(const float* partials, float* total, int count) {
  float sum = 0;
  for (int block = 0; block < count; ++block) sum += partials[block];
  *total = sum;
}

// Each block to a place of its own.
__global__ void multiply_and_add(const float* a, const float* b,
                                 float* partials, int size) {
  __shared__ float part[kBlock];
  const int thread = static_cast<int>(threadIdx.x);
  const int i =
      static_cast<int>(blockIdx.x) * kBlock + static_cast<int>(threadIdx.x);
  part[thread] = i < size ? a[i] * b[i] : 0;
  for (int half = kBlock / 2; half > 0; half /= 2) {
    __syncthreads();
    if (thread < half) part[thread] += part[thread + half];
  }
  if (thread == 0) partials[blockIdx.x] = part[0];
}

}  // namespace

void dot_product(const Stream& stream, const float* a, const float* b,
                 float* partials, float* total, int size) {
  const dim3 blocks(static_cast<unsigned>((size + kBlock - 1) / kBlock));
  launch(multiply_and_add, {blocks, dim3(kBlock)}, stream, a, b, partials,
         size);
  launch(add_partials, {dim3(1), dim3(1)}, stream, partials, total,
         static_cast<int>(blocks.x));
}

}  // namespace CNN_GPU
}  // namespace cnn
