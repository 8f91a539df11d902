#include <gtest/gtest.h>

#include <cmath>

#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "chapters/07_four_reports/study.hpp"
#include "common/errors.hpp"
#include "tests/chapters/04_cpu_cnn/training_fixture.hpp"

namespace cnn {
namespace {

DatasetPair bars() {
  return {make_bars(160, 1), make_bars(60, 2)};
}

Experiment on_bars() {
  return {.id = "000/bars",
          .title = "bars",
          .data = "bars",
          .layers = "4C3p1-R-P2-D0.3-10",
          .schedule = {.rate = 0.01F},
          .batch = 16,
          .epochs = 3,
          .validation = 0.2};
}

Outcome outcome_of(const Experiment& experiment) {
  const Place place("cpu", 1);
  Study study(experiment, bars(), 1, place);
  study.trainer().run();
  return study.outcome();
}

double last_loss(const Experiment& experiment) {
  return outcome_of(experiment).history.back().train.loss;
}

TEST(Study, LearnsAndSaysHow) {
  Experiment experiment = on_bars();
  experiment.epochs = 12;
  const Outcome outcome = outcome_of(experiment);
  EXPECT_EQ(outcome.history.size(), 12U);
  EXPECT_GT(outcome.test.accuracy, 0.9);
  EXPECT_GT(outcome.seconds, 0);
  EXPECT_EQ(outcome.id, "000/bars");
  EXPECT_NE(outcome.recipe.find("4C3p1-R-P2-D0.3-10"), std::string::npos);
}

TEST(Study, CountsWhatItConfuses) {
  const Outcome outcome = outcome_of(on_bars());
  ASSERT_EQ(outcome.confusion.size(), 9U);
  std::int64_t all = 0;
  for (const std::int64_t count : outcome.confusion) all += count;
  EXPECT_EQ(all, 60);
  const auto right = static_cast<double>(
      outcome.confusion[0] + outcome.confusion[4] + outcome.confusion[8]);
  EXPECT_DOUBLE_EQ(outcome.test.accuracy, right / 60);
  EXPECT_GT(outcome.bytes, 160 * 8 * 8);
}

TEST(Study, TakesPicturesThatSomebodyElseHasSplit) {
  const Place place("cpu", 1);
  const Split split = split_by_fraction(bars().train, 0.2, 1);
  Study study(on_bars(), split, bars().test, 1, place);
  study.trainer().run();
  EXPECT_EQ(study.outcome().history.back().train.loss, last_loss(on_bars()));
}

TEST(Study, GivesTheSameBitsTwice) {
  EXPECT_EQ(last_loss(on_bars()), last_loss(on_bars()));
}

TEST(Study, TakesAsManyClassesAsThereAre) {
  const Place place("cpu", 1);
  const Study study(on_bars(), bars(), 1, place);
  EXPECT_EQ(const_cast<Study&>(study).network().classes(), 3);
}

// Each fault has to change something, or it would not be there.
TEST(Study, EveryFaultOfTheTrainingChangesIt) {
  const double right = last_loss(on_bars());
  Experiment faulty = on_bars();
  faulty.faults.divided_twice = true;
  EXPECT_NE(last_loss(faulty), right);
  faulty.faults = {.counts_layers = true};
  EXPECT_NE(last_loss(faulty), right);
}

TEST(Study, EveryFaultHasARecipeOfItsOwn) {
  const Place place("cpu", 1);
  const auto recipe = [&](const Faults& faults) {
    Experiment experiment = on_bars();
    experiment.faults = faults;
    return Study(experiment, bars(), 1, place).recipe();
  };
  const std::string right = recipe({});
  EXPECT_NE(recipe({.divided_twice = true}), right);
  EXPECT_NE(recipe({.counts_layers = true}), right);
  EXPECT_NE(recipe({.judged_in_training = true}), right);
}

TEST(Study, DropoutInTheEvaluationCostsWhatNothingElseDoes) {
  const Place place("cpu", 1);
  Experiment experiment = on_bars();
  experiment.epochs = 12;
  Study study(experiment, bars(), 1, place);
  study.trainer().run();
  const Score fair = evaluate(study.network(), study.test());
  const Score dropped =
      evaluate_as_in_training(study.network(), study.test(), 7);
  EXPECT_GT(dropped.loss, fair.loss);
  // Another mask, another score; the same one, the same.
  EXPECT_NE(evaluate_as_in_training(study.network(), study.test(), 70).loss,
            dropped.loss);
  EXPECT_EQ(evaluate_as_in_training(study.network(), study.test(), 7).loss,
            dropped.loss);
}

TEST(Study, WithoutDropoutBothEvaluationsAgree) {
  const Place place("cpu", 1);
  Experiment experiment = on_bars();
  experiment.layers = "4C3p1-R-P2-10";
  Study study(experiment, bars(), 1, place);
  study.trainer().run();
  const Score fair = evaluate(study.network(), study.test());
  const Score other = evaluate_as_in_training(study.network(), study.test(), 7);
  EXPECT_EQ(fair.accuracy, other.accuracy);
  EXPECT_NEAR(fair.loss, other.loss, 1e-6 * std::abs(fair.loss));
}

TEST(Study, GpuKernelsTakeTheSameStepsWithinTheBound) {
  Experiment experiment = on_bars();
  experiment.epochs = 1;
  const auto loss = [&](const char* name) {
    const Place place(name, 1);
    Study study(experiment, bars(), 1, place);
    study.trainer().run();
    return study.outcome().history.back().train.loss;
  };
  EXPECT_NEAR(loss("emulated"), loss("cpu"), 1e-4);
}

TEST(Place, RefusesWhatItDoesNotKnow) {
  EXPECT_THROW(Place("tpu", 1), InputError);
}

}  // namespace
}  // namespace cnn
