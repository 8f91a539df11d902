#pragma once

#include <span>

namespace cnn {

/// One step of gradient descent with Nesterov's momentum, over a whole arena:
///
///     velocity  = momentum * velocity + gradient
///     parameter = parameter - rate * (gradient + momentum * velocity)
///
/// with the new velocity in the second line, as PyTorch does it.
void nesterov_step(float rate, float momentum, std::span<const float> gradients,
                   std::span<float> velocities, std::span<float> parameters);

}  // namespace cnn
