#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

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

// Whose row "002/cnn-20k-schedule" is: that of "002/cnn-20k".
Experiment before(const Experiment& changed, std::string_view suffix) {
  const std::string id =
      changed.id.substr(0, changed.id.size() - suffix.size());
  const auto all = report_002();
  const auto found = std::ranges::find(all, id, &Experiment::id);
  if (found == all.end()) throw std::out_of_range(id);
  return *found;
}

void expect_same_training(const Experiment& a, const Experiment& b) {
  EXPECT_EQ(a.data, b.data) << a.id;
  EXPECT_EQ(a.weight.kind, b.weight.kind) << a.id;
  EXPECT_EQ(a.batch, b.batch) << a.id;
  EXPECT_EQ(a.epochs, b.epochs) << a.id;
  EXPECT_EQ(a.patience, b.patience) << a.id;
  EXPECT_EQ(a.validation, b.validation) << a.id;
  EXPECT_EQ(count_as_reported(a, kPicture).weights,
            count_as_reported(b, kPicture).weights)
      << a.id;
  EXPECT_TRUE(std::isnan(a.reported.accuracy)) << a.id;
}

TEST(Report002, EachSizeHasARowWithTheScheduleAndNothingElseChanged) {
  int rows = 0;
  for (const Experiment& experiment : report_002()) {
    if (!experiment.id.ends_with("-schedule")) continue;
    ++rows;
    const Experiment plain = before(experiment, "-schedule");
    expect_same_training(experiment, plain);
    EXPECT_EQ(experiment.layers, plain.layers);
    EXPECT_EQ(experiment.pixels, Pixels::kNormalised);
    EXPECT_EQ(experiment.schedule.kind, Schedule::Kind::kOneCycle);
    EXPECT_EQ(experiment.schedule.rate, 0.01F);
    EXPECT_TRUE(experiment.title.starts_with(plain.title)) << experiment.title;
  }
  EXPECT_EQ(rows, 7);
}

TEST(Report002, EachRowOfItsTablesIsJudgedByBatchToo) {
  int rows = 0;
  for (const Experiment& experiment : report_002()) {
    if (!experiment.id.ends_with("-by-batch")) continue;
    ++rows;
    const Experiment plain = before(experiment, "-by-batch");
    expect_same_training(experiment, plain);
    EXPECT_EQ(experiment.layers, plain.layers);
    EXPECT_EQ(experiment.pixels, plain.pixels);
    EXPECT_EQ(experiment.schedule.kind, plain.schedule.kind);
    EXPECT_TRUE(experiment.faults.judged_in_training);
  }
  EXPECT_EQ(rows, 8);
}

TEST(Report002, DropoutBesidesTakesNoWeights) {
  int rows = 0;
  for (const Experiment& experiment : report_002()) {
    if (!experiment.id.ends_with("-schedule-dropout")) continue;
    ++rows;
    const Experiment scheduled = before(experiment, "-dropout");
    expect_same_training(experiment, scheduled);
    EXPECT_EQ(experiment.pixels, scheduled.pixels);
    EXPECT_EQ(experiment.schedule.rate, scheduled.schedule.rate);
    EXPECT_NE(experiment.layers, scheduled.layers);
  }
  EXPECT_EQ(rows, 3);
}

}  // namespace
}  // namespace cnn
