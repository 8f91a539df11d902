#include "exercise.hpp"

#include <cstddef>

namespace cnn {

void nesterov_step(float rate, float momentum, std::span<const float> gradients,
                   std::span<float> velocities, std::span<float> parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    // your code here
    const float velocity = momentum * velocities[i] + gradients[i];
    velocities[i] = velocity;
    parameters[i] -= rate * (gradients[i] + momentum * velocity);
  }
}

}  // namespace cnn
