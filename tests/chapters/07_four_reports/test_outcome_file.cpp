#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "chapters/07_four_reports/outcome_file.hpp"
#include "common/errors.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

Outcome some_outcome() {
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  return {.id = "002/cnn-50k",
          .place = "cpu",
          .recipe = "as always",
          .seed = 3,
          .history = {{.epoch = 1,
                       .train = {0.5, 0.8},
                       .validation = {kNothing, kNothing},
                       .rate = 0.001,
                       .seconds = 1.25}},
          .test = {0.4, 0.9},
          .seconds = 1.25,
          .confusion = {5, 1, 0, 4},
          .bytes = 12345};
}

TEST(OutcomeFile, ComesBackAsItWas) {
  const TemporaryFolder folder;
  const Outcome outcome = some_outcome();
  const auto path = folder.path() / "outcome.json";
  save_outcome(path, outcome);
  const auto found = find_outcome(path, "as always");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->id, outcome.id);
  EXPECT_EQ(found->place, outcome.place);
  EXPECT_EQ(found->seed, outcome.seed);
  EXPECT_EQ(found->test.accuracy, outcome.test.accuracy);
  EXPECT_EQ(found->confusion, outcome.confusion);
  EXPECT_EQ(found->bytes, outcome.bytes);
  ASSERT_EQ(found->history.size(), 1U);
  EXPECT_EQ(found->history[0].train.loss, 0.5);
  EXPECT_TRUE(std::isnan(found->history[0].validation.loss));
}

TEST(OutcomeFile, AShortRunDoesNotReplaceAWholeOne) {
  Experiment experiment{.id = "002/cnn-50k", .epochs = 20, .reported = {}};
  const auto whole = outcome_path("out", experiment, "cpu", 3);
  EXPECT_EQ(whole,
            std::filesystem::path("out/cpu/002-cnn-50k-20-epochs-seed-3.json"));
  experiment.epochs = 2;
  EXPECT_NE(outcome_path("out", experiment, "cpu", 3), whole);
}

TEST(OutcomeFile, IsNotTakenForAnotherExperiments) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "outcome.json";
  EXPECT_FALSE(find_outcome(path, "as always").has_value());
  save_outcome(path, some_outcome());
  EXPECT_FALSE(find_outcome(path, "otherwise").has_value());
}

TEST(OutcomeFile, RefusesADamagedOne) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "outcome.json";
  for (const char* text : {"", "{", "[]", "{\"id\": 3}", "\xff"}) {
    std::ofstream(path) << text;
    try {
      find_outcome(path, "as always");
      ADD_FAILURE() << text;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(path.string()),
                std::string::npos);
    }
  }
}

}  // namespace
}  // namespace cnn
