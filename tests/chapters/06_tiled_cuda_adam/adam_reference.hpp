/// @file
/// Adam in float64, straight from the paper, with what its errors are measured
/// by; and mistakes that people make in it.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "chapters/06_tiled_cuda_adam/adam.hpp"
#include "common/error_bound.hpp"
#include "common/random.hpp"

namespace cnn::test {

/// Ways to get it wrong.
enum class AdamMistake {
  kNone,
  kNoCorrection,        ///< moments as they are, although they began at 0
  kOneStepBehind,       ///< corrected by t - 1
  kEpsilonInsideRoot,   ///< sqrt(v + epsilon)
  kGradientNotSquared,  ///< |g| for g g
};

/// The optimiser's whole state, in float64.
class AdamReference {
 public:
  AdamReference(const AdamOptions& options, const std::vector<float>& weights,
                AdamMistake mistake = AdamMistake::kNone)
      : options_(options),
        mistake_(mistake),
        weight_(weights.begin(), weights.end()),
        first_(weights.size()),
        second_(weights.size()),
        weight_size_(weights.size()),
        first_size_(weights.size()) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weight_size_[i] = std::abs(weight_[i]);
    }
  }

  void step(double rate, const std::vector<float>& gradient) {
    ++t_;
    const double beta1 = options_.beta1;
    const double beta2 = options_.beta2;
    const double power = mistake_ == AdamMistake::kOneStepBehind ? t_ + 1 : t_;
    const bool corrects = mistake_ != AdamMistake::kNoCorrection;
    const double correct1 = corrects ? 1 - std::pow(beta1, power) : 1;
    const double correct2 = corrects ? 1 - std::pow(beta2, power) : 1;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const double g = gradient[i];
      const bool squares = mistake_ != AdamMistake::kGradientNotSquared;
      first_[i] = beta1 * first_[i] + (1 - beta1) * g;
      first_size_[i] = beta1 * first_size_[i] + (1 - beta1) * std::abs(g);
      second_[i] =
          beta2 * second_[i] + (1 - beta2) * (squares ? g * g : std::abs(g));
      const double root =
          mistake_ == AdamMistake::kEpsilonInsideRoot
              ? std::sqrt(second_[i] / correct2 + options_.epsilon)
              : std::sqrt(second_[i] / correct2) + options_.epsilon;
      weight_[i] -= rate * first_[i] / correct1 / root;
      weight_size_[i] += rate * first_size_[i] / correct1 / root;
    }
  }

  /// The first moment gathers 3 roundings a step, the root half of the second
  /// moment's 4, the parameter 1; some 12 are spent once: on the numbers that
  /// the step is given, on the root, on products and the quotient.
  Comparison compare_with(const std::vector<float>& weights) const {
    return compare(weights, {weight_, weight_size_},
                   static_cast<std::int64_t>(6 * t_) + 12);
  }

 private:
  AdamOptions options_;
  AdamMistake mistake_;
  double t_ = 0;
  std::vector<double> weight_, first_, second_;
  std::vector<double> weight_size_, first_size_;
};

/// Gradients of one step; every other parameter's are tiny, so that epsilon
/// counts for something.
inline std::vector<float> adam_gradient(std::size_t size, std::uint64_t step) {
  std::vector<float> gradient(size);
  Random(9, step).fill_uniform(gradient, -1, 1);
  for (std::size_t i = 1; i < size; i += 2) gradient[i] *= 1e-7F;
  return gradient;
}

inline std::vector<float> adam_weights(std::size_t size) {
  std::vector<float> weights(size);
  Random(8).fill_uniform(weights, -1, 1);
  return weights;
}

/// The rate of step t, another one every time.
inline float adam_rate(std::uint64_t step) {
  return 0.02F / static_cast<float>(step + 1);
}

inline constexpr std::uint64_t kAdamSteps = 7;

}  // namespace cnn::test
