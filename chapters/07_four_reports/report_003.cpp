// region quiet: includes
#include <string>

#include "chapters/07_four_reports/experiment.hpp"

namespace cnn {
namespace {
// endregion

// region with-faults
/// The report's network, each of its listings taken at its word, but for the
/// faults that are named.
Experiment from_scratch(std::string name, std::string title, Faults faults) {
  Experiment experiment{.id = "003/" + name,
                        .title = std::move(title),
                        .data = "mnist",
                        .layers = "8C3p1-R-P2-D0.3-10",
                        .weight = {Initialiser::Kind::kXavierUniform},
                        .batch = 128,
                        .epochs = 50,
                        .patience = 5,
                        .validation = 1.0 / 12,
                        .faults = faults,
                        .reported = {}};
  if (faults.small_weights) {
    experiment.weight = {Initialiser::Kind::kNormal, 0.01F};
  }
  return experiment;
}

/// All of them, as the report's own program had it.
constexpr Faults kAll{.small_weights = true,
                      .divided_twice = true,
                      .counts_layers = true,
                      .dropout_stays = true};
// endregion

// region report-003-table
/// The report's table, by batch size; its last row is TensorFlow's.
std::vector<Experiment> batch_sizes() {
  const auto row = [](std::int64_t batch, const Reported& reported) {
    const std::string size = std::to_string(batch);
    Experiment experiment =
        from_scratch("batch-" + size, "batch " + size + ", all faults", kAll);
    experiment.batch = batch;
    experiment.reported = reported;
    return experiment;
  };
  Experiment right = from_scratch("right", "batch 128, no fault", {});
  right.reported = {
      .accuracy = 0.9841, .loss = 0.0537, .gpu_seconds = 130.81, .epochs = 20};
  return {row(32, {.accuracy = 0.9424,
                   .loss = 0.2006,
                   .gpu_seconds = 240.72,
                   .epochs = 41}),
          row(64, {.accuracy = 0.9515,
                   .loss = 0.1636,
                   .gpu_seconds = 286.20,
                   .epochs = 50}),
          row(128, {.accuracy = 0.9536,
                    .loss = 0.1616,
                    .gpu_seconds = 284.02,
                    .epochs = 50}),
          row(256, {.accuracy = 0.9401,
                    .loss = 0.2067,
                    .gpu_seconds = 243.66,
                    .epochs = 42}),
          right};
}

}  // namespace
// endregion

// region report-003
std::vector<Experiment> report_003() {
  std::vector<Experiment> list = batch_sizes();
  list.push_back(from_scratch("small-weights", "only: weights begin at 0.01",
                              {.small_weights = true}));
  list.push_back(from_scratch("divided-twice",
                              "only: gradients divided by the batch twice",
                              {.divided_twice = true}));
  list.push_back(from_scratch("counts-layers",
                              "only: a step counted for each layer",
                              {.counts_layers = true}));
  list.push_back(from_scratch("dropout-stays",
                              "only: dropout goes on in the evaluation",
                              {.dropout_stays = true}));
  return list;
}

}  // namespace cnn
// endregion
