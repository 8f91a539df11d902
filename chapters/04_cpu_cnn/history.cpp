// region quiet: includes
#include "chapters/04_cpu_cnn/history.hpp"

#include <fmt/format.h>

#include <cmath>

#include "common/report.hpp"

namespace cnn {
// endregion

// region history-table
namespace {

std::string percent(double share) {
  return std::isfinite(share) ? fmt::format("{:.2f} %", 100 * share) : "-";
}

std::string loss_text(double loss) {
  return std::isfinite(loss) ? fmt::format("{:.4f}", loss) : "-";
}

}  // namespace

std::string history_heading() {
  return fmt::format("  {:>5}{:>12}{:>10}{:>12}{:>10}{:>12}{:>10}", "epoch",
                     "train loss", "right", "validation", "right", "rate",
                     "time");
}

std::string history_row(const EpochRecord& record) {
  return fmt::format(
      "  {:>5}{:>12}{:>10}{:>12}{:>10}{:>12}{:>10}", record.epoch,
      loss_text(record.train.loss), percent(record.train.accuracy),
      loss_text(record.validation.loss), percent(record.validation.accuracy),
      fmt::format("{:.3g}", record.rate), format_seconds(record.seconds));
}
// endregion

// region record-history
void record_history(Results& results, const std::string& prefix,
                    const History& history) {
  const auto record = [&](const char* name, auto value_of) {
    std::vector<double> curve;
    for (const EpochRecord& epoch : history) curve.push_back(value_of(epoch));
    results.set_value(prefix + "." + name, curve);
  };
  record("train_loss", [](const auto& epoch) { return epoch.train.loss; });
  record("train_accuracy",
         [](const auto& epoch) { return epoch.train.accuracy; });
  record("validation_loss",
         [](const auto& epoch) { return epoch.validation.loss; });
  record("validation_accuracy",
         [](const auto& epoch) { return epoch.validation.accuracy; });
  record("rate", [](const auto& epoch) { return epoch.rate; });
  record("seconds", [](const auto& epoch) { return epoch.seconds; });
}

}  // namespace cnn
// endregion
