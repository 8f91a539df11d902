// Whole networks: the same seed on the CPU and on a GPU, one step and ten.
#include <gtest/gtest.h>

#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"
#include "tests/chapters/05_naive_cuda/training_case.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

const Expected& expected_after(std::uint64_t steps) {
  static std::map<std::uint64_t, Expected> all;
  return all.try_emplace(steps, Recipe{.steps = steps}).first->second;
}

using Training = BackendTest;

TEST_P(Training, OneStepGivesTheSameOutputsGradientsAndStatistics) {
  const auto [excess, name] =
      expected_after(1).excess(train_on(*subject, {.steps = 1}));
  EXPECT_LE(excess, 1) << name;
}

TEST_P(Training, TenStepsGoWhereTheCpuGoes) {
  const auto [excess, name] =
      expected_after(10).excess(train_on(*subject, {.steps = 10}));
  EXPECT_LE(excess, 1) << name;
}

TEST_P(Training, TwoRunsGiveTheSameBits) {
  const Arrays first = train_on(*subject, {.steps = 3});
  EXPECT_EQ(train_on(*subject, {.steps = 3}), first);
  EXPECT_EQ(train_on(*GetParam().make(), {.steps = 3}), first);
}

TEST_P(Training, InferenceGivesTheSameLogits) {
  const auto logits = [](Backend& backend) {
    Network network(every_layer(), kSmallInput, backend, 7);
    fill_batch(network, 1);
    network.forward(false);
    return downloaded(network, network.logits(), 6 * 5);
  };
  const auto expected = logits(*make_cpu_backend(2));
  // No sum of a batch in here: the longest is that of a dense layer or filter.
  EXPECT_LE(largest_difference(logits(*subject), expected),
            gamma_bound(kLongestSum) * largest_of(expected));
}

INSTANTIATE_TEST_SUITE_P(Every, Training,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);

TEST(TrainingBound, HoldsForEveryConvolutionOfTheCpu) {
  for (const auto method :
       {ConvolutionMethod::kLoops, ConvolutionMethod::kIm2col}) {
    const auto [excess, name] = expected_after(10).excess(
        train_on(*make_cpu_backend(1, method), {.steps = 10}));
    EXPECT_LE(excess, 1) << name;
  }
}

TEST(TrainingBound, NoticesEveryPartOfTheRecipe) {
  const auto excess = [](Recipe recipe) {
    return expected_after(10).excess(train_on_cpu(recipe)).first;
  };
  EXPECT_LE(excess({.steps = 10}), 1);
  EXPECT_GT(excess({.steps = 9}), 10);
  EXPECT_GT(excess({.steps = 10, .rate = 0.101F}), 1);
  EXPECT_GT(excess({.steps = 10, .optimiser = sgd_with(0.89F, 1e-2F)}), 1);
  EXPECT_GT(excess({.steps = 10, .optimiser = sgd_with(0.9F, 0)}), 1);
  EXPECT_GT(excess({.steps = 10, .first_mask = 1}), 10);
  Arrays with_nan = train_on_cpu({.steps = 10});
  with_nan.at("logits")[3] = NAN;
  EXPECT_GT(expected_after(10).excess(with_nan).first, 10);
  with_nan.erase("logits");
  EXPECT_GT(expected_after(10).excess(with_nan).first, 10);
}

}  // namespace
