// Whole networks: the same seed on the CPU and on a GPU, one step and ten.
#include <gtest/gtest.h>

#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"
#include "tests/chapters/05_naive_cuda/training_case.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

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

}  // namespace
