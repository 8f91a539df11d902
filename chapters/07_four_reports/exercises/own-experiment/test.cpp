#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "chapters/07_four_reports/counts.hpp"
#include "chapters/07_four_reports/notation.hpp"
#include "chapters/07_four_reports/study.hpp"
#include "common/data/dataset.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

constexpr Shape kPicture{1, 1, 28, 28};

TEST(OwnExperiment, EndsWithAMeanAndOneDenseLayer) {
  ASSERT_FALSE(own_experiment().layers.empty()) << "no layers yet";
  const std::vector<NotedLayer> layers = read_notation(own_experiment().layers);
  ASSERT_GE(layers.size(), 3U);
  EXPECT_EQ(layers.back().kind, NotedLayer::Kind::kDense);
  EXPECT_EQ(layers.back().outputs, 10);
  // Between them, the flattening that the notation leaves out.
  EXPECT_EQ(layers[layers.size() - 3].kind, NotedLayer::Kind::kAveragePool);
}

TEST(OwnExperiment, StaysWithinTheBudget) {
  ASSERT_FALSE(own_experiment().layers.empty()) << "no layers yet";
  Experiment experiment = own_experiment();
  experiment.batch = 1;
  const Counts counts = count_as_reported(experiment, kPicture);
  EXPECT_LE(counts.weights, 12'000);
  EXPECT_LE(counts.multiply_adds, 1'234'729);
}

Dataset first(const Dataset& dataset, std::int64_t count) {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0);
  return select(dataset, indices);
}

// 1,000 pictures, three times each: a moment. Who guesses is right about a
// tenth, and so is a network with too few channels to tell anything from
// anything.
TEST(OwnExperiment, Learns) {
  ASSERT_FALSE(own_experiment().layers.empty()) << "no layers yet";
  Experiment experiment = own_experiment();
  ASSERT_EQ(experiment.data, "fashion-mnist");
  experiment.batch = 32;
  experiment.epochs = 3;
  experiment.patience = 0;
  experiment.validation = 0.1;
  const DatasetPair all = load_dataset(experiment.data);
  const DatasetPair few{first(all.train, 1000), first(all.test, 250)};
  const Place place("cpu", 1);
  Study study(experiment, few, 1, place);
  study.trainer().run();
  EXPECT_GT(study.outcome().test.accuracy, 0.3);
}

}  // namespace
