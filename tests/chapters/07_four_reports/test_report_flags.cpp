#include <gtest/gtest.h>

#include <cmath>

#include "chapters/07_four_reports/counts.hpp"
#include "chapters/07_four_reports/report_flags.hpp"
#include "common/errors.hpp"

namespace cnn {
namespace {

Dataset blank(std::int64_t count) {
  return {.name = "blank",
          .source = "blank",
          .count = count,
          .channels = 1,
          .height = 28,
          .width = 28,
          .pixels = {},
          .labels = {},
          .class_names = std::vector<std::string>(10, "blank")};
}

TEST(ChosenPlaces, AreThoseThatTheFlagsSay) {
  ReportFlags flags;
  EXPECT_EQ(chosen_places(flags, true), std::vector<std::string>{"cpu"});
  flags.backend = "both";
  EXPECT_EQ(chosen_places(flags, false),
            (std::vector<std::string>{"cpu", "gpu"}));
  EXPECT_THROW(chosen_places(flags, true), InputError);
  flags.backend = "cpu";
  EXPECT_EQ(chosen_places(flags, true), std::vector<std::string>{"cpu"});
}

TEST(ChosenExperiments, AreAllOrAReportsOrOne) {
  ReportFlags flags;
  EXPECT_EQ(chosen_experiments(flags, false).size(), all_experiments().size());
  for (const Experiment& experiment : chosen_experiments(flags, true)) {
    EXPECT_FALSE(std::isnan(experiment.reported.accuracy)) << experiment.id;
    EXPECT_EQ(experiment.epochs, 2) << experiment.id;
  }
  flags.report = "001";
  EXPECT_EQ(chosen_experiments(flags, false).size(), report_001().size());
  EXPECT_TRUE(wanted(flags, "001"));
  EXPECT_FALSE(wanted(flags, "002"));
  flags.only = "002/cnn-50k";
  ASSERT_EQ(chosen_experiments(flags, false).size(), 1U);
  EXPECT_EQ(chosen_experiments(flags, false)[0].epochs, 20);
  EXPECT_EQ(chosen_experiments(flags, true)[0].epochs, 2);
  EXPECT_FALSE(wanted(flags, "001"));
  EXPECT_TRUE(wanted(flags, "002"));
  flags.epochs = 7;
  EXPECT_EQ(chosen_experiments(flags, true)[0].epochs, 7);
}

TEST(ThatFits, CutsOnTheCpuWhatIsMuchAndNothingElse) {
  const Dataset pictures = blank(60000);
  const auto largest = report_002().at(7);
  ReportFlags flags;
  const auto epochs = [&](const Experiment& experiment, const char* place) {
    return that_fits(experiment, flags, place, pictures).epochs;
  };
  EXPECT_LT(epochs(largest, "cpu"), largest.epochs);
  EXPECT_GE(epochs(largest, "cpu"), 1);
  EXPECT_EQ(epochs(largest, "gpu"), largest.epochs);
  EXPECT_EQ(epochs(report_002().front(), "cpu"), 20);
  EXPECT_EQ(that_fits(largest, flags, "cpu", blank(6000)).epochs, 20);
  flags.full = true;
  EXPECT_EQ(epochs(largest, "cpu"), largest.epochs);
}

}  // namespace
}  // namespace cnn
