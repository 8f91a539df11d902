#include "exercise.hpp"

#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

__global__ void add_multiple(float a, const float* x, float* y, int size) {
  // your code here
}

}  // namespace

void axpy(const Stream& stream, int blocks, float a, const float* x, float* y,
          int size) {
  launch(add_multiple, {dim3(static_cast<unsigned>(blocks)), dim3(64)}, stream,
         a, x, y, size);
}

}  // namespace CNN_GPU
}  // namespace cnn
