// region quiet: includes
#include <string>

#include "chapters/07_four_reports/experiment.hpp"
// endregion

// region with-faults
namespace cnn {
namespace {

/// The report's network, each of its listings taken at its word, but for the
/// faults that are named.
Experiment from_scratch(const std::string& name, std::string title,
                        Faults faults) {
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
                      .judged_in_training = true,
                      .col2im_overwrites = true};
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
// endregion

// region one-at-a-time
/// Each fault alone, and all of them but one.
std::vector<Experiment> one_at_a_time() {
  Faults all_but_weights = kAll;
  all_but_weights.small_weights = false;
  return {
      from_scratch("small-weights", "only: weights begin at 0.01",
                   {.small_weights = true}),
      from_scratch("divided-twice",
                   "only: gradients divided by the batch twice",
                   {.divided_twice = true}),
      from_scratch("counts-layers", "only: a step counted for each layer",
                   {.counts_layers = true}),
      from_scratch("dropout-stays", "only: dropout goes on in the evaluation",
                   {.judged_in_training = true}),
      from_scratch("col2im", "only: col2im overwrites",
                   {.col2im_overwrites = true}),
      from_scratch("all-but-weights", "all faults but small weights",
                   all_but_weights)};
}
// endregion

// region what-else
/// What the report does not say might have been otherwise: the rate, the number
/// of pictures, or the batches, in spite of the table. Trained for as many
/// epochs as the report, without a look at the loss.
std::vector<Experiment> what_else() {
  const auto changed = [](const std::string& name, std::string title,
                          std::int64_t batch, std::int64_t epochs) {
    Experiment experiment = from_scratch(name, std::move(title), kAll);
    experiment.batch = batch;
    experiment.epochs = epochs;
    experiment.patience = 0;
    return experiment;
  };
  std::vector<Experiment> list;
  for (const Experiment& row : batch_sizes()) {
    if (row.id == "003/right") continue;
    const std::string size = std::to_string(row.batch);
    list.push_back(changed("slow-" + size,
                           "batch " + size + ", a rate of 0.00025", row.batch,
                           static_cast<std::int64_t>(row.reported.epochs)));
    list.back().schedule.rate = 0.00025F;
  }
  for (const std::int64_t epochs : {41, 50}) {
    list.push_back(changed("batch-512-" + std::to_string(epochs),
                           "batch 512, all faults", 512, epochs));
  }
  list.push_back(
      changed("few-pictures", "all faults, 5,500 pictures", 128, 50));
  list.back().validation = 1 - 5500.0 / 60000;
  return list;
}

}  // namespace
// endregion

// region report-003
std::vector<Experiment> report_003() {
  std::vector<Experiment> list = batch_sizes();
  for (const auto& more : {one_at_a_time(), what_else()}) {
    list.insert(list.end(), more.begin(), more.end());
  }
  return list;
}

}  // namespace cnn
// endregion
