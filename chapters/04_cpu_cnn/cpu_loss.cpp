// region quiet: includes
#include <algorithm>
#include <array>
#include <cmath>

#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"

namespace cnn {
// endregion

// region softmax-one
namespace {

constexpr std::uint8_t kNoPicture = 255;

struct Outcome {
  double loss = 0;
  double right = 0;
};

/// One picture. `gradient`, if any, becomes (softmax - one-hot) * share.
Outcome softmax_one(std::span<const float> logits, std::size_t label,
                    float share, float* gradient) {
  const auto largest = std::max_element(logits.begin(), logits.end());
  // exp() of a difference that is never positive cannot overflow.
  double sum = 0;
  for (const float logit : logits) sum += std::exp(logit - *largest);
  Outcome outcome;
  outcome.loss = std::log(sum) - (double{logits[label]} - double{*largest});
  outcome.right =
      largest - logits.begin() == static_cast<std::ptrdiff_t>(label);
  if (gradient) {
    const float factor = static_cast<float>(share / sum);
    for (std::size_t i = 0; i < logits.size(); ++i) {
      gradient[i] = std::exp(logits[i] - *largest) * factor;
    }
    gradient[label] -= share;
  }
  return outcome;
}

}  // namespace
// endregion

// region softmax-batch
void CpuBackend::softmax_cross_entropy(std::int64_t batch, std::int64_t classes,
                                       ConstArray logits, ConstByteArray labels,
                                       Array logit_gradient, Array totals) {
  std::array<Outcome, Pieces::kMost> outcomes{};
  const float share = 1 / static_cast<float>(batch);
  const Pieces pieces(batch, 8);
  constexpr std::int64_t kFloatsPerExp = 16;
  const int threads = threads_for(batch * classes * kFloatsPerExp);
  parallel_for(threads, pieces.count, [&](auto piece, int) {
    Outcome sum;
    for (auto n = pieces.begin(piece); n < pieces.end(piece); ++n) {
      float* gradient = logit_gradient ? logit_gradient + n * classes : nullptr;
      if (labels[n] == kNoPicture) {
        if (gradient) std::fill_n(gradient, classes, 0.0F);
        continue;
      }
      const Outcome one =
          softmax_one({logits + n * classes, static_cast<std::size_t>(classes)},
                      labels[n], share, gradient);
      sum.loss += one.loss;
      sum.right += one.right;
    }
    outcomes[static_cast<std::size_t>(piece)] = sum;
  });
  Outcome sum;
  for (const Outcome& outcome : outcomes) {
    sum.loss += outcome.loss;
    sum.right += outcome.right;
  }
  totals[0] += static_cast<float>(sum.loss);
  totals[1] += static_cast<float>(sum.right);
}
// endregion

// region sgd-step
void CpuBackend::sgd_step(std::int64_t count, const SgdNumbers& numbers,
                          ConstArray gradients, Array velocities,
                          Array parameters) {
  const Pieces pieces(count, 8192);
  const float rate = numbers.rate;
  const float momentum = numbers.momentum;
  const float decay = numbers.weight_decay;
  parallel_for(threads_for(4 * count), pieces.count, [&](auto piece, int) {
    for (auto i = pieces.begin(piece); i < pieces.end(piece); ++i) {
      const float slope = gradients[i] + decay * parameters[i];
      const float velocity = momentum * velocities[i] + slope;
      velocities[i] = velocity;
      parameters[i] -= rate * velocity;
    }
  });
}

}  // namespace cnn
// endregion
