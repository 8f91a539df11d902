#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

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

std::optional<Options> parse(ReportFlags& flags,
                             std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "07_four_reports");
  return parse_options(static_cast<int>(arguments.size()), arguments.data(),
                       {"07", "07_four_reports", "Four reports", "again"},
                       flags.flags());
}

TEST(Only, HasAllItsNamesInTheHelpWithin80Columns) {
  ReportFlags flags;
  testing::internal::CaptureStdout();
  EXPECT_FALSE(parse(flags, {"--help"}));
  const std::string help = testing::internal::GetCapturedStdout();
  std::set<std::string> words;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << line;
    std::istringstream pieces(line);
    for (std::string word; pieces >> word;) words.insert(word);
  }
  for (const Experiment& experiment : all_experiments()) {
    EXPECT_TRUE(words.contains(experiment.id)) << experiment.id << "\n" << help;
  }
}

TEST(Only, NamesTheNearestWhenThereIsNoSuchExperiment) {
  ReportFlags flags;
  ASSERT_TRUE(parse(flags, {"--only", "002/cnn-20k"}));
  EXPECT_EQ(flags.only, "002/cnn-20k");
  for (const char* name : {"cnn-20k", "002/cnn-20", "02/cnn-20k"}) {
    try {
      parse(flags, {"--only", name});
      FAIL() << name;
    } catch (const InputError& error) {
      const std::string sentence = error.what();
      EXPECT_NE(sentence.find("002/cnn-20k"), std::string::npos) << sentence;
      EXPECT_NE(sentence.find("--help"), std::string::npos) << sentence;
      EXPECT_LT(sentence.size(), 150U) << sentence;
    }
  }
}

TEST(PlacesFor, LeaveOutOnlyQuestionsOfOursThatTakeLong) {
  ReportFlags flags;
  flags.backend = "cpu";
  const auto nowhere = [&](std::int64_t pictures) {
    std::set<std::string> names;
    for (const Experiment& experiment : all_experiments()) {
      const auto places = places_for(experiment, flags, true, blank(pictures));
      if (places.empty()) names.insert(experiment.id);
    }
    return names;
  };
  const std::set<std::string> large{
      "002/cnn-100k-by-batch", "002/cnn-100k-dropout", "002/cnn-100k-schedule",
      "002/cnn-100k-schedule-dropout", "002/cnn-100k-best"};
  EXPECT_EQ(nowhere(6000), large);
  std::set<std::string> all = large;
  for (const char* name : {"10k", "20k", "50k"}) {
    all.insert(std::string("002/cnn-") + name + "-by-batch");
    all.insert(std::string("002/cnn-") + name + "-schedule");
  }
  all.insert("001/one-cycle");
  EXPECT_EQ(nowhere(60000), all);
  flags.only = "002/cnn-100k-best";
  EXPECT_FALSE(nowhere(60000).contains(flags.only));
  flags.full = true;
  EXPECT_EQ(nowhere(60000), std::set<std::string>{});
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
