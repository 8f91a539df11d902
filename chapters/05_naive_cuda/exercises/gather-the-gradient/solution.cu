#include "exercise.hpp"

#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

constexpr int kThreads = 64;

// One thread for each pixel of the input.
__global__ void gather_windows(Pooling pooling, const float* output_gradient,
                               float* input_gradient) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= pooling.planes * pooling.height * pooling.width) return;
  const int column = i % pooling.width;
  const int row = i / pooling.width % pooling.height;
  const int plane = i / pooling.width / pooling.height;
  float sum = 0;
  // your code here
  // Window y covers rows [y stride, y stride + size).
  const int first_y =
      max(0, row - pooling.size + pooling.stride) / pooling.stride;
  const int first_x =
      max(0, column - pooling.size + pooling.stride) / pooling.stride;
  const int last_y = min(row / pooling.stride, pooling.output_height() - 1);
  const int last_x = min(column / pooling.stride, pooling.output_width() - 1);
  for (int y = first_y; y <= last_y; ++y) {
    for (int x = first_x; x <= last_x; ++x) {
      const int window =
          (plane * pooling.output_height() + y) * pooling.output_width() + x;
      sum += output_gradient[window];
    }
  }
  sum /= static_cast<float>(pooling.size * pooling.size);
  input_gradient[i] = sum;
}

}  // namespace

void average_pool_backward(const Stream& stream, const Pooling& pooling,
                           const float* output_gradient,
                           float* input_gradient) {
  const int pixels = pooling.planes * pooling.height * pooling.width;
  const dim3 blocks(static_cast<unsigned>((pixels + kThreads - 1) / kThreads));
  launch(gather_windows, {blocks, dim3(kThreads)}, stream, pooling,
         output_gradient, input_gradient);
}

}  // namespace CNN_GPU
}  // namespace cnn
