// region quiet: includes
#include "chapters/06_tiled_cuda_adam/fours.cuh"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-relu
// Input and output may be one array: every thread has read its four before it
// writes them, and nobody else touches them.
namespace {

__global__ void relu_in_fours(int count, const float* input, float* output) {
  const int first = 4 * this_output();
  if (first >= count) return;
  float four[4];
  read_up_to_4(input + first, count - first, four);
  // Asked this way round, NaN stays NaN.
  for (float& value : four) value = value < 0 ? 0 : value;
  write_up_to_4(four, count - first, output + first);
}

__global__ void relu_gradient_in_fours(int count, const float* output,
                                       const float* output_gradient,
                                       float* input_gradient) {
  const int first = 4 * this_output();
  if (first >= count) return;
  float of_output[4];
  float gradient[4];
  read_up_to_4(output + first, count - first, of_output);
  read_up_to_4(output_gradient + first, count - first, gradient);
  for (int k = 0; k < 4; ++k) gradient[k] = of_output[k] > 0 ? gradient[k] : 0;
  write_up_to_4(gradient, count - first, input_gradient + first);
}

}  // namespace
// endregion

// region tiled-relu-launch
void TiledBackend::relu_forward(const Shape& shape, ConstArray input,
                                Array output) {
  if (!all_in_fours(input, output)) {
    return NaiveBackend::relu_forward(shape, input, output);
  }
  launch_for_fours(shape.size(), stream(), relu_in_fours, input, output);
}

void TiledBackend::relu_backward(const Shape& shape, ConstArray output,
                                 ConstArray output_gradient,
                                 Array input_gradient) {
  if (!all_in_fours(output, output_gradient, input_gradient)) {
    return NaiveBackend::relu_backward(shape, output, output_gradient,
                                       input_gradient);
  }
  launch_for_fours(shape.size(), stream(), relu_gradient_in_fours, output,
                   output_gradient, input_gradient);
}
// endregion

// region tiled-sgd
namespace {

__global__ void descend_in_fours(int count, SgdNumbers numbers,
                                 const float* __restrict__ gradients,
                                 float* __restrict__ velocities,
                                 float* __restrict__ parameters) {
  const int first = 4 * this_output();
  if (first >= count) return;
  const int left = count - first;
  float gradient[4];
  float velocity[4];
  float parameter[4];
  read_up_to_4(gradients + first, left, gradient);
  read_up_to_4(velocities + first, left, velocity);
  read_up_to_4(parameters + first, left, parameter);
  for (int k = 0; k < 4; ++k) {
    const float slope = gradient[k] + numbers.weight_decay * parameter[k];
    velocity[k] = numbers.momentum * velocity[k] + slope;
    parameter[k] -= numbers.rate * velocity[k];
  }
  write_up_to_4(velocity, left, velocities + first);
  write_up_to_4(parameter, left, parameters + first);
}

}  // namespace

void TiledBackend::sgd_step(std::int64_t count, const SgdNumbers& numbers,
                            ConstArray gradients, Array velocities,
                            Array parameters) {
  if (!all_in_fours(gradients, velocities, parameters)) {
    return NaiveBackend::sgd_step(count, numbers, gradients, velocities,
                                  parameters);
  }
  launch_for_fours(count, stream(), descend_in_fours, numbers, gradients,
                   velocities, parameters);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
