// region quiet: includes
#include "chapters/07_four_reports/tables.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "common/report.hpp"

namespace cnn {
// endregion

// region mean-and-confidence
double mean(std::span<const double> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) /
         static_cast<double>(numbers.size());
}

double confidence(std::span<const double> numbers) {
  // The 97.5 % quantile of Student's distribution, for 1, 2, ... degrees of
  // freedom. Source: NIST/SEMATECH e-Handbook of Statistical
  // Methods, 1.3.6.7.2.
  constexpr std::array kQuantiles{
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
      2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
      2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045};
  const std::size_t freedom = numbers.size() - 1;
  if (numbers.size() < 2 || freedom > kQuantiles.size()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const double centre = mean(numbers);
  double squares = 0;
  for (const double number : numbers) squares += std::pow(number - centre, 2);
  const auto count = static_cast<double>(numbers.size());
  return kQuantiles.at(freedom - 1) *
         std::sqrt(squares / static_cast<double>(freedom) / count);
}
// endregion

// region summarise-outcomes
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
  const double half = confidence(shares);
  if (!std::isfinite(half)) return percent(mean(shares));
  return fmt::format("{:.2f} ± {:.2f} %", 100 * mean(shares), 100 * half);
}

/// The report's time for an epoch in the same kind of place.
double reported_seconds(const Summary& row) {
  const Reported& said = row.experiment.reported;
  return (row.place == "cpu" ? said.cpu_seconds : said.gpu_seconds) /
         said.epochs;
}

constexpr auto kColumns = "  {:<50}{:>10}{:>17}{:>8}{:>8}{:>10}{:>10}{:>9}\n";

}  // namespace
// endregion

// region side-by-side-table
std::string side_by_side(std::span<const Summary> rows) {
  std::string text = fmt::format(kColumns, "", "reported", "here", "loss",
                                 "epochs", "reported", "here", "faster");
  for (const Summary& row : rows) {
    const double seconds = mean(row.seconds) / mean(row.epochs);
    text += fmt::format(
        kColumns, row.experiment.title,
        percent(row.experiment.reported.accuracy), spread(row.accuracies),
        format_number(mean(row.losses)), format_number(mean(row.epochs)),
        seconds_text(reported_seconds(row)), seconds_text(seconds),
        ratio_text(reported_seconds(row) / seconds));
  }
  return text;
}

}  // namespace cnn
// endregion
