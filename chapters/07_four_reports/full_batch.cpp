// region quiet: includes
#include "chapters/07_four_reports/full_batch.hpp"

#include <array>
#include <chrono>
#include <numeric>

#include "chapters/04_cpu_cnn/device_dataset.hpp"
#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/04_cpu_cnn/optimiser.hpp"
#include "chapters/04_cpu_cnn/trainer.hpp"
#include "chapters/07_four_reports/notation.hpp"
#include "common/data/split.hpp"
#include "common/progress.hpp"

namespace cnn {
namespace {
// endregion

// region full-batch-network
/// The report does not say how its weights begin; PyTorch's way does.
constexpr auto kLayers = "10-R-10";
constexpr Initialiser kWeight{Initialiser::Kind::kFanInUniform};

Network network_of_batch(const Dataset& pictures, const Place& place,
                         std::uint64_t seed) {
  return {network_from(with_classes(kLayers, std::ssize(pictures.class_names)),
                       kWeight),
          {pictures.count, pictures.channels, pictures.height, pictures.width},
          place.backend(),
          seed};
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
Score judge(const Network& trained, const Dataset& pictures,
            const PixelScaling& scaling, const Place& place) {
  const DeviceDataset dataset(place.backend(), pictures, scaling);
  Network network = network_of_batch(pictures, place, 1);
  upload_weights(download_weights(trained), network);
  return evaluate(network, dataset);
}
// endregion
}  // namespace

// region train-full-batch
FullBatchOutcome train_full_batch(const FullBatchPlan& plan,
                                  const DatasetPair& data, const Place& place) {
  Backend& backend = place.backend();
  const Split split = split_by_count(data.train, plan.validation, plan.seed);
  const PixelScaling scaling = to_unit_interval(data.train.channels);
  const DeviceDataset train(backend, split.train, scaling);
  Network network = network_of_batch(split.train, place, plan.seed);
  const auto sgd = make_sgd(network, {.momentum = 0});

  // Every batch is all pictures: one gather is enough for all iterations.
  std::vector<std::int64_t> all(static_cast<std::size_t>(train.count()));
  std::iota(all.begin(), all.end(), 0);
  train.gather(all, network);

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
  outcome.validation = judge(network, split.validation, scaling, place);
  outcome.test = judge(network, data.test, scaling, place);
  outcome.bytes = backend.allocated_bytes();
  return outcome;
}

}  // namespace cnn
// endregion
