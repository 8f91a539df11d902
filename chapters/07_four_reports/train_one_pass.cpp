// region quiet: includes
#include "chapters/07_four_reports/train_one_pass.hpp"

#include <chrono>
#include <memory>

#include "chapters/07_four_reports/full_batch_operations.hpp"
#include "chapters/07_four_reports/one_pass.hpp"
#include "chapters/07_four_reports/one_pass_device.hpp"
#include "chapters/07_four_reports/two_layers.hpp"
#include "common/data/split.hpp"

namespace cnn {
namespace {
// endregion

// region one-pass-on-cpu
/// The CPU's way, behind the same functions as the kernels'.
class OnePassOnCpu : public OnePassDevice {
 public:
  OnePassOnCpu(const Dataset& pictures, int threads)
      : one_pass_(pictures, threads),
        layers_(TwoLayers::kNumbers),
        gradient_(TwoLayers::kNumbers) {}

  void upload(std::span<const float> layers) override {
    layers_.assign(layers.begin(), layers.end());
  }
  void descend(float rate, std::int64_t steps) override {
    scores_.clear();
    for (std::int64_t i = 0; i < steps; ++i) {
      scores_.push_back(one_pass_.run(layers_, gradient_));
      cnn::descend(rate, gradient_, layers_);
    }
  }
  void synchronize() override {}
  std::vector<float> layers() override { return layers_; }
  std::vector<float> gradient() override { return gradient_; }
  std::vector<Score> scores() override { return scores_; }
  std::int64_t bytes() const override { return one_pass_.bytes(); }

 private:
  OnePass one_pass_;
  std::vector<float> layers_;
  std::vector<float> gradient_;
  std::vector<Score> scores_;
};

std::unique_ptr<OnePassDevice> one_pass_in(const Place& place,
                                           const Dataset& pictures,
                                           int threads) {
  if (place.name() == "gpu") return make_one_pass(Device::kGpu, pictures);
  if (place.name() == "emulated") {
    return make_one_pass(Device::kEmulator, pictures);
  }
  return std::make_unique<OnePassOnCpu>(pictures, threads);
}
// endregion

// region train-one-pass-loop
}  // namespace

OnePassOutcome train_one_pass(const FullBatchPlan& plan,
                              const DatasetPair& data, const Place& place,
                              int threads) {
  const Split split = split_by_count(data.train, plan.validation, plan.seed);
  const auto one_pass = one_pass_in(place, split.train, threads);
  one_pass->upload(first_layers(split.train, plan.seed));

  const auto begin = std::chrono::steady_clock::now();
  one_pass->descend(plan.rate, plan.iterations);
  one_pass->synchronize();
  const std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - begin;

  OnePassOutcome outcome{.pictures = split.train.count,
                         .iterations = plan.iterations,
                         .seconds = taken.count(),
                         .bytes = one_pass->bytes()};
  for (const Score& score : one_pass->scores()) {
    outcome.losses.push_back(score.loss);
    outcome.accuracies.push_back(score.accuracy);
  }
  const std::vector<float> layers = one_pass->layers();
  outcome.validation = judge_layers(layers, split.validation, place);
  outcome.test = judge_layers(layers, data.test, place);
  return outcome;
}
// endregion

// region one-pass-alone
FullBatchGradient one_pass_gradient(const Dataset& pictures,
                                    std::span<const float> layers,
                                    const Place& place, int threads) {
  const auto one_pass = one_pass_in(place, pictures, threads);
  one_pass->upload(layers);
  one_pass->descend(0, 1);
  return {one_pass->gradient(), one_pass->scores().at(0).loss};
}

Timing time_one_pass(const Dataset& pictures, std::span<const float> layers,
                     const Place& place, int threads, const TimingPlan& plan) {
  const auto one_pass = one_pass_in(place, pictures, threads);
  one_pass->upload(layers);
  // On a GPU, so many that waiting for the last one hardly shows.
  const std::int64_t steps = place.name() == "gpu" ? 50 : 1;
  Timing timing = time_repeated(
      [&] {
        one_pass->descend(0, steps);
        one_pass->synchronize();
      },
      plan);
  return per_step(timing, steps);
}

}  // namespace cnn
// endregion
