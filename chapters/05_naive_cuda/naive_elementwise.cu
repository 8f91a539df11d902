// region quiet: includes
#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/05_naive_cuda/one_thread_each.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region naive-relu
// Input and output may be one array: no __restrict__ here.
namespace {

__global__ void relu(int size, const float* input, float* output) {
  const int i = this_output();
  if (i >= size) return;
  // Asked this way round, NaN stays NaN.
  output[i] = input[i] < 0 ? 0 : input[i];
}

__global__ void relu_gradient(int size, const float* output,
                              const float* output_gradient,
                              float* input_gradient) {
  const int i = this_output();
  if (i >= size) return;
  input_gradient[i] = output[i] > 0 ? output_gradient[i] : 0;
}

}  // namespace

void NaiveBackend::relu_forward(const Shape& shape, ConstArray input,
                                Array output) {
  launch_for_each(shape.size(), stream(), relu, input, output);
}

void NaiveBackend::relu_backward(const Shape& shape, ConstArray output,
                                 ConstArray output_gradient,
                                 Array input_gradient) {
  launch_for_each(shape.size(), stream(), relu_gradient, output,
                  output_gradient, input_gradient);
}
// endregion

// region naive-sgd
namespace {

__global__ void descend(int size, SgdNumbers numbers,
                        const float* __restrict__ gradients,
                        float* __restrict__ velocities,
                        float* __restrict__ parameters) {
  const int i = this_output();
  if (i >= size) return;
  const float slope = gradients[i] + numbers.weight_decay * parameters[i];
  const float velocity = numbers.momentum * velocities[i] + slope;
  velocities[i] = velocity;
  parameters[i] -= numbers.rate * velocity;
}

}  // namespace

void NaiveBackend::sgd_step(std::int64_t count, const SgdNumbers& numbers,
                            ConstArray gradients, Array velocities,
                            Array parameters) {
  launch_for_each(count, stream(), descend, numbers, gradients, velocities,
                  parameters);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
