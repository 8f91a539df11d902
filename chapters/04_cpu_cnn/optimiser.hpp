// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "chapters/04_cpu_cnn/network.hpp"

namespace cnn {
// endregion

// region optimiser
/// What an optimiser remembers from step to step: an array as long as the
/// parameters' arena and laid out like it, and a name for the checkpoint.
struct OptimiserState {
  std::string name;  ///< "velocity"
  Array array = nullptr;
};

/// Changes a network's parameters by the gradients that backward() left. All
/// parameters lie in one arena, so a step is one operation of the backend.
class Optimiser {
 public:
  virtual ~Optimiser() = default;
  /// With everything that shapes its steps: "SGD, momentum 0.9".
  virtual std::string description() const = 0;
  /// All that a checkpoint has to hold of it.
  virtual std::span<const OptimiserState> state() const = 0;
  /// @param rate the learning rate of this step
  /// @param step counts from 0; some optimisers' first steps are special
  virtual void step(float rate, std::int64_t step) = 0;
};
// endregion

// region sgd
/// Stochastic gradient descent. The rate comes with each step.
struct SgdOptions {
  float momentum = 0.9F;
  float weight_decay = 0;
};

/// Its velocities are allocated here, once. The network has to outlive it.
std::unique_ptr<Optimiser> make_sgd(Network& network,
                                    const SgdOptions& options = {});

}  // namespace cnn
// endregion
