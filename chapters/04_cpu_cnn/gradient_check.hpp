// region quiet: includes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/network.hpp"

namespace cnn {
// endregion

// region gradient-check
/// What backward() says of one parameter, and what the loss says when we nudge
/// that parameter: all of its numbers at once, each up or down by chance.
struct GradientCheck {
  std::string parameter;
  double computed = 0;   ///< slope along that direction, from the gradient
  double measured = 0;   ///< the same from two losses
  double tolerance = 0;  ///< how far apart they may be, given float32

  /// Written so that NaN fails.
  bool passed() const;
};

/// Checks every parameter of a network, whose input and labels are filled, with
/// central differences of its mean loss. Dropout masks stay those of `step`;
/// running statistics move. Parameters come back as they were; the gradient
/// arena holds the gradient.
std::vector<GradientCheck> check_gradients(Network& network, std::uint64_t seed,
                                           std::uint64_t step = 0);
// endregion

// region broken-relu
/// A backend with a mistake that people make: the gradient passes ReLU
/// everywhere. Training still goes down, only worse; the check above sees it.
class BrokenRelu : public CpuBackend {
 public:
  using CpuBackend::CpuBackend;
  void relu_backward(const Shape& shape, ConstArray output,
                     ConstArray output_gradient, Array input_gradient) override;
};

}  // namespace cnn
// endregion
