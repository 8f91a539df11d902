#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "chapters/07_four_reports/counts.hpp"

namespace cnn {
namespace {

const Shape kPicture{1, 1, 28, 28};

// Four digits are all that the report prints of its multiply-adds.
bool same_as_printed(double counted, double printed) {
  const double unit = printed > 1e9 ? 1e7 : 1e4;
  return std::round(counted / unit) == std::round(printed / unit);
}

TEST(Counts, WeightsAreThoseOfTheReportToTheDigit) {
  int compared = 0;
  for (const Experiment& experiment : report_002()) {
    if (!std::isfinite(experiment.reported.weights)) continue;
    EXPECT_EQ(count_as_reported(experiment, kPicture).weights,
              experiment.reported.weights)
        << experiment.id;
    ++compared;
  }
  EXPECT_EQ(compared, 8);
}

TEST(Counts, MultiplyAddsAreThoseOfTheReport) {
  int compared = 0;
  for (const Experiment& experiment : report_002()) {
    if (!std::isfinite(experiment.reported.multiply_adds)) continue;
    EXPECT_TRUE(
        same_as_printed(count_as_reported(experiment, kPicture).multiply_adds,
                        experiment.reported.multiply_adds))
        << experiment.id;
    ++compared;
  }
  EXPECT_EQ(compared, 6);
}

TEST(Experiments, HaveNamesOfTheirOwnAndSayWhoseTheyAre) {
  std::set<std::string> names;
  for (const Experiment& experiment : all_experiments()) {
    EXPECT_TRUE(names.insert(experiment.id).second) << experiment.id;
    EXPECT_EQ(report_of(experiment).size(), 3U) << experiment.id;
  }
}

}  // namespace
}  // namespace cnn
