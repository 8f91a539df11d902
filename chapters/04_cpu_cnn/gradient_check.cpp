// region quiet: includes
#include "chapters/04_cpu_cnn/gradient_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "common/random.hpp"

namespace cnn {
// endregion

// region mean-loss
namespace {

/// The mean loss of the batch, at these parameters.
double mean_loss(Network& network, const std::vector<float>& parameters,
                 std::uint64_t step, bool gradient) {
  Backend& backend = network.backend();
  backend.upload(parameters, network.parameter_arena());
  backend.clear(network.totals(), 2);
  network.forward(true, step);
  network.loss(gradient);
  if (gradient) network.backward();
  std::array<float, 2> totals{};
  backend.synchronise();
  backend.download(network.totals(), totals);
  return double{totals[0]} / static_cast<double>(network.input_shape().batch);
}
// endregion

// region directional-slope
/// A direction in which one parameter is nudged: every number by +1 or -1.
struct Direction {
  const Parameter& parameter;
  Random random;

  double sign(std::size_t i) const { return random.bits(i) % 2 == 0 ? 1 : -1; }

  std::vector<float> nudged(std::vector<float> parameters, double by) const {
    for (std::size_t i = 0; i < size(); ++i) {
      float& value = parameters[first() + i];
      value = static_cast<float>(value + by * sign(i));
    }
    return parameters;
  }

  double slope(const std::vector<float>& gradient) const {
    double sum = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      sum += sign(i) * double{gradient[first() + i]};
    }
    return sum;
  }

  std::size_t first() const {
    return static_cast<std::size_t>(parameter.offset);
  }
  std::size_t size() const {
    return static_cast<std::size_t>(parameter.size());
  }
};
// endregion

// region step-size
/// Rounding errors grow like the inverse of the step. Against them stands the
/// error of taking a difference for a slope: where the loss is smooth, it grows
/// like the square of the step, and the sum of both is least near the cube root
/// of the unit roundoff, 2^-8. Where a nudge carries numbers over the kink of a
/// ReLU or from one winner of a pool to another, it grows like the step itself,
/// and the best one is near the square root, 2^-12. We go between the two. The
/// nudge is spread over all numbers of the parameter.
double step_size(const Parameter& parameter) {
  return 0x1.0p-10 / std::sqrt(static_cast<double>(parameter.size()));
}

/// How far a float32 loss may be from the exact one: its roundings, hundreds in
/// a row, add up like a random walk.
double rounding_of(double loss) {
  constexpr double kRoundings = 1024;
  return std::sqrt(kRoundings) * 0x1.0p-24 * std::max(loss, 1.0);
}
// endregion

// region check-one
GradientCheck check_one(Network& network, const Direction& direction,
                        const std::vector<float>& parameters,
                        const std::vector<float>& gradient,
                        std::uint64_t step) {
  const auto loss_at = [&](double by) {
    return mean_loss(network, direction.nudged(parameters, by), step, false);
  };
  const double h = step_size(direction.parameter);
  const double above = loss_at(h);
  const double near = (above - loss_at(-h)) / (2 * h);
  const double far = (loss_at(2 * h) - loss_at(-2 * h)) / (4 * h);
  // With twice the step, that error is two to four times as large: the two
  // slopes differ by about what the nearer one is wrong, or more.
  return {.parameter = direction.parameter.name,
          .computed = direction.slope(gradient),
          .measured = near,
          .tolerance = 2 * std::abs(far - near) + rounding_of(above) / h};
}

}  // namespace
// endregion

// region check-gradients
bool GradientCheck::passed() const {
  return std::abs(computed - measured) <= tolerance;
}

std::vector<GradientCheck> check_gradients(Network& network, std::uint64_t seed,
                                           std::uint64_t step) {
  const auto size = static_cast<std::size_t>(network.parameter_count());
  std::vector<float> parameters(size);
  std::vector<float> gradient(size);
  network.backend().synchronise();
  network.backend().download(network.parameter_arena(), parameters);
  mean_loss(network, parameters, step, true);
  network.backend().download(network.gradient_arena(), gradient);

  std::vector<GradientCheck> checks;
  for (const Parameter& parameter : network.parameters()) {
    const Direction direction{parameter, Random(seed, checks.size())};
    checks.push_back(check_one(network, direction, parameters, gradient, step));
  }
  network.backend().upload(parameters, network.parameter_arena());
  return checks;
}
// endregion

// region broken-relu-backward
void BrokenRelu::relu_backward(const Shape& shape, ConstArray,
                               ConstArray output_gradient,
                               Array input_gradient) {
  std::copy_n(output_gradient, activation_size(shape), input_gradient);
}

}  // namespace cnn
// endregion
