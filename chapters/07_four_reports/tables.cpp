// region quiet: includes
#include "chapters/07_four_reports/tables.hpp"

#include <fmt/format.h>

#include <cmath>

#include "chapters/06_tiled_cuda_adam/mean_of_seeds.hpp"
#include "common/report.hpp"
// endregion

// region summarise-outcomes
namespace cnn {

Summary summarise_outcomes(const Experiment& experiment,
                           std::span<const Outcome> outcomes) {
  Summary summary{.experiment = experiment, .place = outcomes.front().place};
  for (const Outcome& outcome : outcomes) {
    summary.accuracies.push_back(outcome.test.accuracy);
    summary.losses.push_back(outcome.test.loss);
    summary.seconds.push_back(outcome.seconds);
    summary.epochs.push_back(static_cast<double>(outcome.history.size()));
  }
  return summary;
}
// endregion

// region format-cells
namespace {

std::string percent(double share) {
  return std::isfinite(share) ? fmt::format("{:.2f} %", 100 * share) : "-";
}

std::string seconds_text(double seconds) {
  return std::isfinite(seconds) ? format_seconds(seconds) : "-";
}

std::string ratio_text(double ratio) {
  return std::isfinite(ratio) ? format_number(ratio) + "x" : "-";
}

/// "99.06 ± 0.05 %".
std::string spread(std::span<const double> shares) {
  const auto [mean, half] = mean_of_seeds(shares);
  if (!std::isfinite(half)) return percent(mean);
  return fmt::format("{:.2f} ± {:.2f} %", 100 * mean, 100 * half);
}

/// The report's time for an epoch in the same kind of place.
double reported_seconds(const Summary& row) {
  const Reported& said = row.experiment.reported;
  return (row.place == "cpu" ? said.cpu_seconds : said.gpu_seconds) /
         said.epochs;
}

/// All reports learnt from as many, those set aside included.
constexpr double kReportedPictures = 60'000;

constexpr auto kColumns =
    "  {:<30}{:<9}{:>9}{:>17}{:>8}{:>7}{:>10}{:>9}{:>8}\n";

}  // namespace
// endregion

// region side-by-side-table
std::string side_by_side(std::span<const Summary> rows) {
  std::string text =
      fmt::format("  {:<39}{:>26}{:>42}\n", "", "share of right answers",
                  "an epoch of 60,000 pictures");
  text += fmt::format(kColumns, "", "", "reported", "here", "loss", "epochs",
                      "reported", "here", "faster");
  for (const Summary& row : rows) {
    const double epochs = mean_of_seeds(row.epochs).mean;
    const double seconds = mean_of_seeds(row.seconds).mean / epochs *
                           kReportedPictures / row.pictures;
    text += fmt::format(
        kColumns, row.experiment.id, row.place,
        percent(row.experiment.reported.accuracy), spread(row.accuracies),
        format_number(mean_of_seeds(row.losses).mean),
        fmt::format("{:.3g}", epochs), seconds_text(reported_seconds(row)),
        seconds_text(seconds), ratio_text(reported_seconds(row) / seconds));
  }
  return text;
}

}  // namespace cnn
// endregion
