// region quiet: includes
#include "chapters/07_four_reports/full_batch.hpp"

#include <array>
#include <chrono>
#include <limits>
#include <numeric>

#include "chapters/04_cpu_cnn/device_dataset.hpp"
#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/04_cpu_cnn/optimiser.hpp"
#include "chapters/04_cpu_cnn/trainer.hpp"
#include "chapters/07_four_reports/notation.hpp"
#include "chapters/07_four_reports/two_layers.hpp"
#include "common/data/split.hpp"
#include "common/progress.hpp"

namespace cnn {
namespace {
// endregion

// region full-batch-network
/// The report does not say how its weights begin; PyTorch's way does.
constexpr auto kLayers = "10-R-10";
constexpr Initialiser kWeight{Initialiser::Kind::kFanInUniform};

Sequential model_of(const Dataset& pictures) {
  return network_from(with_classes(kLayers, std::ssize(pictures.class_names)),
                      kWeight);
}

Shape shape_of(const Dataset& pictures) {
  return {pictures.count, pictures.channels, pictures.height, pictures.width};
}

Network network_of_batch(const Dataset& pictures, const Place& place,
                         std::uint64_t seed) {
  return {model_of(pictures), shape_of(pictures), place.backend(), seed};
}
// endregion

// region all-pictures
std::vector<std::int64_t> all_of(const Dataset& pictures) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(pictures.count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}
// endregion

// region stopwatch
/// Waits for the backend, and says how long it took since the last time.
class Stopwatch {
 public:
  explicit Stopwatch(Backend& backend) : backend_(&backend) { lap(); }
  double lap() {
    backend_->synchronise();
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> since = now - last_;
    last_ = now;
    return since.count();
  }

 private:
  Backend* backend_;
  std::chrono::steady_clock::time_point last_;
};
// endregion

// region full-batch-judged
/// @param arena of parameters
Score judge(std::span<const float> arena, const Dataset& pictures,
            const Place& place) {
  if (pictures.count == 0) {
    constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
    return {kNothing, kNothing};
  }
  const DeviceDataset dataset(place.backend(), pictures,
                              to_unit_interval(pictures.channels));
  Network network = network_of_batch(pictures, place, 1);
  place.backend().upload(arena, network.parameter_arena());
  return evaluate(network, dataset);
}

}  // namespace
// endregion

// region train-full-batch
FullBatchOutcome train_full_batch(const FullBatchPlan& plan,
                                  const DatasetPair& data, const Place& place) {
  Backend& backend = place.backend();
  const Split split = split_by_count(data.train, plan.validation, plan.seed);
  const DeviceDataset train(backend, split.train,
                            to_unit_interval(data.train.channels));
  Network network = network_of_batch(split.train, place, plan.seed);
  const auto sgd = make_sgd(network, {.momentum = 0});

  // Every batch is all pictures: one gather is enough for all iterations.
  train.gather(all_of(split.train), network);

  FullBatchOutcome outcome{.pictures = train.count(),
                           .iterations = plan.iterations};
  Progress progress("report 000", plan.iterations);
  Stopwatch stopwatch(backend);
  std::array<float, 2> totals{};
  for (std::int64_t i = 0; i < plan.iterations; ++i) {
    backend.clear(network.totals(), 2);
    stopwatch.lap();
    network.forward(true);
    outcome.times.forward += stopwatch.lap();
    network.loss(true);
    network.backward();
    outcome.times.backward += stopwatch.lap();
    sgd->step(plan.rate, i);
    outcome.times.update += stopwatch.lap();
    backend.download(network.totals(), totals);
    const auto count = static_cast<double>(train.count());
    outcome.losses.push_back(totals[0] / count);
    outcome.accuracies.push_back(totals[1] / count);
    progress.advance();
  }
  const std::vector<float> weights = download_weights(network).parameters;
  outcome.validation = judge(weights, split.validation, place);
  outcome.test = judge(weights, data.test, place);
  outcome.bytes = backend.allocated_bytes();
  return outcome;
}
// endregion

// region full-batch-gradient-of-network
FullBatchGradient full_batch_gradient(const Dataset& pictures,
                                      std::span<const float> layers,
                                      const Place& place) {
  Backend& backend = place.backend();
  const auto owned = make_full_batch(pictures, place, 1);
  Network& network = *owned;
  backend.upload(arena_from(network, layers), network.parameter_arena());
  std::vector<float> arena(static_cast<std::size_t>(network.parameter_count()));
  std::array<float, 2> totals{};
  backend.clear(network.totals(), 2);
  network.forward(true);
  network.loss(true);
  network.backward();
  backend.download(network.gradient_arena(), arena);
  backend.download(network.totals(), totals);
  return {two_layers_from(network, arena),
          totals[0] / static_cast<double>(pictures.count)};
}

Score judge_layers(std::span<const float> layers, const Dataset& pictures,
                   const Place& place) {
  if (pictures.count == 0) return judge({}, pictures, place);
  const Network network = network_of_batch(pictures, place, 1);
  return judge(arena_from(network, layers), pictures, place);
}

std::unique_ptr<Network> make_full_batch(const Dataset& pictures,
                                         const Place& place,
                                         std::uint64_t seed) {
  const DeviceDataset dataset(place.backend(), pictures,
                              to_unit_interval(pictures.channels));
  auto network = std::make_unique<Network>(
      model_of(pictures), shape_of(pictures), place.backend(), seed);
  dataset.gather(all_of(pictures), *network);
  return network;
}

std::vector<float> first_layers(const Dataset& pictures, std::uint64_t seed) {
  // Weights do not depend on the batch: one picture is enough.
  const std::array<std::int64_t, 1> first{};
  const Dataset one = select(pictures, first);
  const Place place("cpu", 1);
  const Network network = network_of_batch(one, place, seed);
  std::vector<float> arena(static_cast<std::size_t>(network.parameter_count()));
  place.backend().download(network.parameter_arena(), arena);
  return two_layers_from(network, arena);
}

}  // namespace cnn
// endregion
