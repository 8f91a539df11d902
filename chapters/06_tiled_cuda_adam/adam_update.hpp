// region quiet: includes
#pragma once

#include <cmath>

#include "chapters/06_tiled_cuda_adam/adam.hpp"
#include "common/host_device.hpp"

namespace cnn {
// endregion

// region adam-update
/// Adam's step of one parameter: one function for CPUs and GPUs.
CNN_HOST_DEVICE inline void adam_update(const AdamNumbers& numbers,
                                        float gradient, float& first,
                                        float& second, float& parameter) {
  first = numbers.keep1 * first + numbers.add1 * gradient;
  second = numbers.keep2 * second + numbers.add2 * gradient * gradient;
  const float deviation =
      sqrtf(second) * numbers.inverse_root + numbers.epsilon;
  parameter -= numbers.rate * first / deviation;
}

}  // namespace cnn
// endregion
