// region quiet: includes
#include "chapters/07_four_reports/record.hpp"

#include <algorithm>
#include <cmath>

#include "chapters/06_tiled_cuda_adam/mean_of_seeds.hpp"
#include "chapters/07_four_reports/counts.hpp"
// endregion

// region record-experiment
namespace cnn {

namespace {

/// What a report does not say is not on record either.
void record_said(Results& results, const std::string& name, double value) {
  if (std::isfinite(value)) results.set_value(name, value);
}

void record_reported(Results& results, const Experiment& experiment) {
  const Reported& said = experiment.reported;
  const std::string prefix = experiment.id + ".reported.";
  record_said(results, prefix + "accuracy", said.accuracy);
  record_said(results, prefix + "loss", said.loss);
  record_said(results, prefix + "cpu_seconds", said.cpu_seconds);
  record_said(results, prefix + "gpu_seconds", said.gpu_seconds);
  record_said(results, prefix + "epochs", said.epochs);
  record_said(results, prefix + "weights", said.weights);
  record_said(results, prefix + "multiply_adds", said.multiply_adds);
}

/// On the diagonal.
double share_right(const Outcome& outcome) {
  const auto classes =
      std::llround(std::sqrt(static_cast<double>(outcome.confusion.size())));
  double right = 0;
  double all = 0;
  for (std::int64_t i = 0; i < std::ssize(outcome.confusion); ++i) {
    const auto count =
        static_cast<double>(outcome.confusion[static_cast<std::size_t>(i)]);
    all += count;
    if (i / classes == i % classes) right += count;
  }
  return right / all;
}

}  // namespace

void record(Results& results, const Summary& summary,
            std::span<const Outcome> outcomes) {
  const std::string prefix = summary.experiment.id + "." + summary.place + ".";
  results.set_value(prefix + "accuracies", summary.accuracies);
  const auto [accuracy, interval] = mean_of_seeds(summary.accuracies);
  results.set_value(prefix + "accuracy", accuracy);
  record_said(results, prefix + "confidence", interval);
  results.set_value(prefix + "loss", mean_of_seeds(summary.losses).mean);
  results.set_value(prefix + "seconds", mean_of_seeds(summary.seconds).mean);
  results.set_value(prefix + "epochs", mean_of_seeds(summary.epochs).mean);
  results.set_value(prefix + "recipe", outcomes.front().recipe);
  record_history(results, prefix + "curve", outcomes.front().history);
  std::vector<double> fair(outcomes.size());
  std::ranges::transform(outcomes, fair.begin(), share_right);
  results.set_value(prefix + "fair_accuracy", mean_of_seeds(fair).mean);
  const auto& counts = outcomes.front().confusion;
  results.set_value(prefix + "confusion",
                    std::vector<double>(counts.begin(), counts.end()));
  record_reported(results, summary.experiment);
}
// endregion

// region record-effort
void record_effort(Program& program, const Experiment& experiment,
                   const Dataset& pictures, std::span<const Outcome> outcomes) {
  const Effort effort = effort_of(experiment, pictures);
  const Counts counts = count_as_reported(
      experiment, {1, pictures.channels, pictures.height, pictures.width});
  Results& results = program.results();
  const std::string& id = experiment.id;
  results.set_value(id + ".parameters", effort.parameters);
  results.set_value(id + ".multiply_adds", effort.multiply_adds);
  results.set_value(id + ".step_flop", effort.step_flop);
  results.set_value(id + ".counted_weights", counts.weights);
  results.set_value(id + ".counted_multiply_adds", counts.multiply_adds);

  const std::string& place = outcomes.front().place;
  std::vector<double> epochs;
  for (const Outcome& outcome : outcomes) {
    for (const EpochRecord& epoch : outcome.history) {
      epochs.push_back(epoch.seconds);
    }
  }
  const Timing timing = summarise(epochs, "training: other pictures each step");
  const double flop_per_s = effort.epoch_flop() / timing.median_s;
  const std::string prefix = id + "." + place + ".";
  results.set_value(prefix + "epoch_seconds", timing.median_s);
  results.set_value(prefix + "flop_per_s", flop_per_s);
  results.set_value(prefix + "bytes", outcomes.front().bytes);
  if (place != "cpu" && place != "gpu") return;  // no time worth having
  const bool cpu = place == "cpu";
  program.add_measurement("epoch/" + id + "/" + place, id,
                          {.flop = effort.epoch_flop()}, timing,
                          {.group = "an epoch, " + place,
                           .threads = cpu ? program.threads() : 1,
                           .device = place});
  const Peaks& peaks = program.peaks();
  const double cpu_peak =
      program.threads() > 1 ? peaks.cpu_all_flops : peaks.cpu_1_flops;
  record_said(results, prefix + "share_of_peak",
              flop_per_s / (cpu ? cpu_peak : peaks.gpu_fp32_flops));
}
// endregion

// region record-full-batch
namespace {

/// What both ways have.
template <class Outcome>
void record_descent(Results& results, const std::string& prefix,
                    const Outcome& outcome, double seconds) {
  const auto iterations = static_cast<double>(outcome.iterations);
  results.set_value(prefix + "pictures", outcome.pictures);
  results.set_value(prefix + "iterations", outcome.iterations);
  results.set_value(prefix + "seconds", seconds);
  results.set_value(prefix + "iteration_seconds", seconds / iterations);
  results.set_value(prefix + "losses", outcome.losses);
  results.set_value(prefix + "train_accuracies", outcome.accuracies);
  results.set_value(prefix + "validation_accuracy",
                    outcome.validation.accuracy);
  record_said(results, prefix + "test_accuracy", outcome.test.accuracy);
  results.set_value(prefix + "bytes", outcome.bytes);
}

}  // namespace

void record(Results& results, const std::string& place,
            const FullBatchOutcome& outcome) {
  const std::string prefix = "000/full-batch." + place + ".";
  const auto iterations = static_cast<double>(outcome.iterations);
  const auto& [forward, backward, update] = outcome.times;
  record_descent(results, prefix, outcome, outcome.times.total());
  results.set_value(prefix + "forward_seconds", forward / iterations);
  results.set_value(prefix + "backward_seconds", backward / iterations);
  results.set_value(prefix + "update_seconds", update / iterations);
}

void record(Results& results, const std::string& place,
            const OnePassOutcome& outcome) {
  record_descent(results, "000/one-pass." + place + ".", outcome,
                 outcome.seconds);
}

}  // namespace cnn
// endregion
