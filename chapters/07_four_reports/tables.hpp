// region quiet: includes
#pragma once

#include <span>
#include <string>
#include <vector>

#include "chapters/07_four_reports/study.hpp"
// endregion

// region summary-of-seeds
namespace cnn {

/// One experiment in one place, all its seeds together.
struct Summary {
  Experiment experiment{};
  std::string place{};
  double pictures = 60'000;  ///< to learn from, those set aside included
  std::vector<double> accuracies{};  ///< one for each seed
  std::vector<double> losses{};
  std::vector<double> seconds{};
  std::vector<double> epochs{};
};

/// @param outcomes at least one, all of this experiment and one place
Summary summarise_outcomes(const Experiment& experiment,
                           std::span<const Outcome> outcomes);
// endregion

// region side-by-side
/// A row for each summary: what the report says, what we found, and how many
/// times as fast an epoch is here. Where there are fewer pictures than a report
/// had, ours is scaled to as many.
std::string side_by_side(std::span<const Summary> rows);

}  // namespace cnn
// endregion
