// region quiet: includes
#include "chapters/04_cpu_cnn/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/gradient_check.hpp"
#include "chapters/04_cpu_cnn/networks.hpp"
#include "common/random.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region gradients-of-network
namespace {

/// On noise, not on pictures: where a black background meets a bias that is
/// still 0, ReLU gets exactly 0, where it has a kink and no slope. A difference
/// of losses sees half of each side there, and rightly disagrees.
std::vector<GradientCheck> gradients_of(const ReportedNetwork& reported,
                                        Backend& backend, std::uint64_t seed) {
  const Shape input{8, 1, 28, 28};  // enough to catch a mistake, and quick
  Network network(reported.model, input, backend, seed);
  constexpr std::uint64_t kNoiseStream = 0x6e6f697365;  // "noise"
  Tensor noise(input);
  Random(seed, kNoiseStream).fill_uniform(noise.values(), -1, 1);
  backend.upload_activation(input, noise.values(), network.input());
  const std::vector<std::uint8_t> labels{3, 1, 4, 1, 5, 9, 2, 6};
  backend.upload_bytes(labels, network.labels());
  return check_gradients(network, seed);
}
// endregion

// region gradient-comparison
/// One line for all parameters of a network.
Comparison summarise_checks(const std::vector<GradientCheck>& checks) {
  Comparison comparison;
  for (const GradientCheck& check : checks) {
    const double error = std::abs(check.computed - check.measured);
    const double ratio = error / check.tolerance;
    if (!(ratio <= comparison.largest_ratio)) {
      comparison.worst_element = comparison.elements;
      comparison.worst_actual = check.computed;
      comparison.worst_expected = check.measured;
      comparison.worst_bound = check.tolerance;
      comparison.largest_ratio = ratio;
    }
    comparison.largest_error = std::max(comparison.largest_error, error);
    comparison.failures += check.passed() ? 0 : 1;
    ++comparison.elements;
  }
  return comparison;
}
// endregion

// region show-failing
/// What the mistake looks like from outside.
void show_failing(Program& program) {
  BrokenRelu broken(program.threads(), ConvolutionMethod::kIm2col);
  const auto checks =
      gradients_of(reported_network("001"), broken, program.options().seed);
  std::int64_t failures = 0;
  fmt::print(
      "with a ReLU that lets every gradient pass (slope of the loss, by "
      "backward\npass and by difference):\n");
  for (const GradientCheck& check : checks) {
    failures += check.passed() ? 0 : 1;
    fmt::print("  {} {:<10}{:>12.6f}{:>12.6f}\n",
               check.passed() ? "ok   " : "WRONG", check.parameter,
               check.computed, check.measured);
  }
  fmt::print("that was on purpose; now without the mistake\n");
  program.results().set_value("gradients.broken.failures", failures);
  program.results().set_value("gradients.broken.parameters",
                              std::ssize(checks));
}

}  // namespace
// endregion

// region check-networks
void check_networks(Program& program) {
  show_failing(program);
  const std::uint64_t seed = program.options().seed;
  const auto networks = reported_networks();
  for (const ReportedNetwork& reported : networks) {
    const auto backend = make_cpu_backend(program.threads());
    program.check("gradients/" + reported.number,
                  "gradients of network " + reported.number,
                  "differences of the loss",
                  summarise_checks(gradients_of(reported, *backend, seed)));
  }
  using Method = ConvolutionMethod;
  constexpr std::array<std::pair<Method, const char*>, 3> kOthers{
      {{Method::kLoops, "loops"},
       {Method::kIm2col, "im2col"},
       {Method::kImplicitGemm, "implicit"}}};
  for (const auto& [method, id] : kOthers) {
    const auto backend = make_cpu_backend(program.threads(), method);
    program.check(
        fmt::format("gradients/001/{}", id),
        fmt::format("001 by {}", name_of(method)), "differences of the loss",
        summarise_checks(gradients_of(networks.front(), *backend, seed)));
  }
}

}  // namespace cnn
// endregion
