#include "exercise.hpp"

#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

__global__ void clear(float* total) {
  *total = 0;
}

// mend this
__global__ void multiply_and_add(const float* a, const float* b, float* total,
                                 int size) {
  const int i =
      static_cast<int>(blockIdx.x) * kBlock + static_cast<int>(threadIdx.x);
  if (i < size) *total += a[i] * b[i];
}

}  // namespace

void dot_product(const Stream& stream, const float* a, const float* b,
                 float* partials, float* total, int size) {
  const dim3 blocks(static_cast<unsigned>((size + kBlock - 1) / kBlock));
  launch(clear, {dim3(1), dim3(1)}, stream, total);
  launch(multiply_and_add, {blocks, dim3(kBlock)}, stream, a, b, total, size);
}

}  // namespace CNN_GPU
}  // namespace cnn
