#include "exercise.hpp"

#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

constexpr int kThreads = 128;

__global__ void relu(float* x, int size) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= size) return;
  x[i] = x[i] < 0 ? 0 : x[i];
}

}  // namespace

void relu_in_place(const Stream& stream, float* x, int size) {
  if (size == 0) return;
  const dim3 blocks(static_cast<unsigned>((size + kThreads - 1) / kThreads));
  launch(relu, {blocks, dim3(kThreads)}, stream, x, size);
}

}  // namespace CNN_GPU
}  // namespace cnn
