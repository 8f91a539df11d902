// region quiet: includes
#include "chapters/07_four_reports/record.hpp"

#include <cmath>

#include "chapters/06_tiled_cuda_adam/mean_of_seeds.hpp"

namespace cnn {
// endregion

// region record-experiment
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
  record_reported(results, summary.experiment);
}
// endregion

// region record-full-batch
void record(Results& results, const std::string& place,
            const FullBatchOutcome& outcome) {
  const std::string prefix = "000/full-batch." + place + ".";
  const auto iterations = static_cast<double>(outcome.iterations);
  results.set_value(prefix + "pictures", outcome.pictures);
  results.set_value(prefix + "iterations", outcome.iterations);
  results.set_value(prefix + "seconds", outcome.times.total());
  results.set_value(prefix + "iteration_seconds",
                    outcome.times.total() / iterations);
  results.set_value(prefix + "forward_seconds",
                    outcome.times.forward / iterations);
  results.set_value(prefix + "backward_seconds",
                    outcome.times.backward / iterations);
  results.set_value(prefix + "update_seconds",
                    outcome.times.update / iterations);
  results.set_value(prefix + "losses", outcome.losses);
  results.set_value(prefix + "train_accuracies", outcome.accuracies);
  results.set_value(prefix + "validation_accuracy",
                    outcome.validation.accuracy);
  results.set_value(prefix + "test_accuracy", outcome.test.accuracy);
  results.set_value(prefix + "bytes", outcome.bytes);
}

}  // namespace cnn
// endregion
