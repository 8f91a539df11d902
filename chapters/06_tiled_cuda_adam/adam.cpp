// region quiet: includes
#include "chapters/06_tiled_cuda_adam/adam.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"
#include "chapters/06_tiled_cuda_adam/adam_update.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region adam-numbers-computed
AdamNumbers adam_numbers(const AdamOptions& options, float rate,
                         std::int64_t step) {
  // In float64: of 1 - 0.999^t, float32 would keep four digits of seven.
  const auto t = static_cast<double>(step + 1);
  const double beta1 = options.beta1;
  const double beta2 = options.beta2;
  return {static_cast<float>(beta1),
          static_cast<float>(1 - beta1),
          static_cast<float>(beta2),
          static_cast<float>(1 - beta2),
          static_cast<float>(rate / (1 - std::pow(beta1, t))),
          static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, t))),
          options.epsilon};
}
// endregion

// region cpu-adam
namespace {

class CpuAdam : public AdamBackend {
 public:
  explicit CpuAdam(int threads) : threads_(threads) {}

  void adam_step(std::int64_t count, const AdamNumbers& numbers,
                 ConstArray gradients, Array first_moments,
                 Array second_moments, Array parameters) override {
    const Pieces pieces(count, 8192);
    parallel_for(threads_, pieces.count, [&](auto piece, int) {
      for (auto i = pieces.begin(piece); i < pieces.end(piece); ++i) {
        adam_update(numbers, gradients[i], first_moments[i], second_moments[i],
                    parameters[i]);
      }
    });
  }

 private:
  int threads_;
};

}  // namespace

std::unique_ptr<AdamBackend> make_cpu_adam(int threads) {
  return std::make_unique<CpuAdam>(threads);
}
// endregion

// region adam-optimiser
namespace {

class Adam : public Optimiser {
 public:
  Adam(Network& network, AdamBackend& backend, const AdamOptions& options)
      : network_(&network),
        backend_(&backend),
        options_(options),
        moments_{{{"first moment",
                   network.backend().allocate(network.parameter_count())},
                  {"second moment",
                   network.backend().allocate(network.parameter_count())}}} {}

  std::string description() const override {
    return fmt::format("Adam, betas {} and {}, epsilon {}", options_.beta1,
                       options_.beta2, options_.epsilon);
  }

  std::span<const OptimiserState> state() const override { return moments_; }

  void step(float rate, std::int64_t step) override {
    backend_->adam_step(network_->parameter_count(),
                        adam_numbers(options_, rate, step),
                        network_->gradient_arena(), moments_[0].array,
                        moments_[1].array, network_->parameter_arena());
  }

 private:
  Network* network_;
  AdamBackend* backend_;
  AdamOptions options_;
  std::array<OptimiserState, 2> moments_;
};

}  // namespace
// endregion

// region adam-made
std::unique_ptr<Optimiser> make_adam(Network& network, AdamBackend& backend,
                                     const AdamOptions& options) {
  const auto in_range = [](float beta) { return beta >= 0 && beta < 1; };
  if (!in_range(options.beta1) || !in_range(options.beta2) ||
      !(options.epsilon > 0)) {
    throw InputError(
        fmt::format("Adam: found betas {} and {} and epsilon {}; betas have to "
                    "be at least 0 and below 1, epsilon above 0",
                    options.beta1, options.beta2, options.epsilon));
  }
  return std::make_unique<Adam>(network, backend, options);
}

}  // namespace cnn
// endregion
