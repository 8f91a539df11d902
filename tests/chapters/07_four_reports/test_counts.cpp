#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/04_cpu_cnn/profile.hpp"
#include "chapters/07_four_reports/counts.hpp"
#include "chapters/07_four_reports/notation.hpp"

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

TEST(Effort, IsThatOfTheNetworkItself) {
  const Experiment experiment = report_002().at(7);
  Dataset pictures{.name = "blank",
                   .source = "blank",
                   .count = 6000,
                   .channels = 1,
                   .height = 28,
                   .width = 28,
                   .pixels = {},
                   .labels = {},
                   .class_names = std::vector<std::string>(10, "blank")};
  const Effort effort = effort_of(experiment, pictures);
  EXPECT_EQ(effort.steps, 5400 / 512);
  const auto backend = make_cpu_backend(1);
  const Network network(network_from(experiment.layers, experiment.weight),
                        {experiment.batch, 1, 28, 28}, *backend, 1);
  EXPECT_EQ(effort.step_flop, step_flop(network));
  EXPECT_EQ(effort.epoch_flop(), 10 * step_flop(network));
  EXPECT_EQ(effort.parameters, total_parameters(network.layers()));
  EXPECT_EQ(effort.multiply_adds, total_multiply_adds(network.layers()));
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
