// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "chapters/04_cpu_cnn/optimiser.hpp"

namespace cnn {
// endregion

// region adam-options
/// Adam: adaptive moments. Defaults as in the paper.
/// Source: Kingma and Ba, "Adam: a method for stochastic optimization",
/// ICLR 2015, algorithm 1.
struct AdamOptions {
  float beta1 = 0.9F;    ///< how much of the mean gradient stays each step
  float beta2 = 0.999F;  ///< and of the mean squared gradient
  float epsilon = 1e-8F;
};
// endregion

// region adam-numbers
/// What one step needs to know, the same for every parameter: the corrections
/// for the moments' start at 0 are already in it.
struct AdamNumbers {
  float keep1;         ///< beta1
  float add1;          ///< 1 - beta1
  float keep2;         ///< beta2
  float add2;          ///< 1 - beta2
  float rate;          ///< learning rate / (1 - beta1^t)
  float inverse_root;  ///< 1 / sqrt(1 - beta2^t)
  float epsilon;
};

/// @param rate the learning rate of this step
/// @param step counts from 0: t of the paper is one more
AdamNumbers adam_numbers(const AdamOptions& options, float rate,
                         std::int64_t step);
// endregion

// region adam-backend
/// Who can take Adam's step: a backend that has it as one of its operations, or
/// a helper beside one that has not. The five arrays lie in one memory.
class AdamBackend {
 public:
  virtual ~AdamBackend() = default;
  /// For each of `count` parameters:
  /// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g g;
  /// w = w - rate m / (sqrt(v) inverse_root + epsilon).
  virtual void adam_step(std::int64_t count, const AdamNumbers& numbers,
                         ConstArray gradients, Array first_moments,
                         Array second_moments, Array parameters) = 0;
};

/// For chapter 4's backend: so many CPU threads.
std::unique_ptr<AdamBackend> make_cpu_adam(int threads);
// endregion

// region make-adam
/// The optimiser. Its moments are allocated here, once, by the network's
/// backend; `backend` does the arithmetic. Both have to outlive it.
/// Throws InputError unless both betas are in [0, 1) and epsilon is above 0.
std::unique_ptr<Optimiser> make_adam(Network& network, AdamBackend& backend,
                                     const AdamOptions& options = {});

}  // namespace cnn
// endregion
