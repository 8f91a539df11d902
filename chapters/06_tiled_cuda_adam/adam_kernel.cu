// region quiet: includes
#include "chapters/06_tiled_cuda_adam/adam_kernel.hpp"

#include <cstdint>
#include <stdexcept>

#include "chapters/06_tiled_cuda_adam/adam_update.hpp"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region adam-kernel
namespace {

/// Four parameters a thread, each of the arrays read and written 16 bytes at a
/// time: seven times 16 bytes for a handful of arithmetic. Memory is all that
/// counts here.
__global__ void adam_kernel(int fours, AdamNumbers numbers,
                            const float4* __restrict__ gradients,
                            float4* __restrict__ first_moments,
                            float4* __restrict__ second_moments,
                            float4* __restrict__ parameters) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= fours) return;
  const float4 gradient = gradients[i];
  float4 first = first_moments[i];
  float4 second = second_moments[i];
  float4 parameter = parameters[i];
  adam_update(numbers, gradient.x, first.x, second.x, parameter.x);
  adam_update(numbers, gradient.y, first.y, second.y, parameter.y);
  adam_update(numbers, gradient.z, first.z, second.z, parameter.z);
  adam_update(numbers, gradient.w, first.w, second.w, parameter.w);
  first_moments[i] = first;
  second_moments[i] = second;
  parameters[i] = parameter;
}

bool aligned(const float* array) {
  return reinterpret_cast<std::uintptr_t>(array) % sizeof(float4) == 0;
}

}  // namespace
// endregion

// region adam-launch
void adam_on_device(std::int64_t count, const AdamNumbers& numbers,
                    const float* gradients, float* first_moments,
                    float* second_moments, float* parameters,
                    const Stream& stream) {
  if (count % 4 != 0 || !aligned(gradients) || !aligned(first_moments) ||
      !aligned(second_moments) || !aligned(parameters)) {
    throw std::invalid_argument("Adam: arrays have to be whole groups of four");
  }
  constexpr std::int64_t kThreads = 256;
  const std::int64_t fours = count / 4;
  if (fours == 0) return;
  const auto blocks = static_cast<unsigned>((fours + kThreads - 1) / kThreads);
  launch(adam_kernel, {dim3(blocks), dim3(kThreads)}, stream,
         static_cast<int>(fours), numbers,
         reinterpret_cast<const float4*>(gradients),
         reinterpret_cast<float4*>(first_moments),
         reinterpret_cast<float4*>(second_moments),
         reinterpret_cast<float4*>(parameters));
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
