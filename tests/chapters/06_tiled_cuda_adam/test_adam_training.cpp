// Whole networks, trained with Adam: the same seed on the CPU and on a GPU.
#include <gtest/gtest.h>

#include "chapters/06_tiled_cuda_adam/tiled_device.hpp"
#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"
#include "tests/chapters/05_naive_cuda/training_case.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

/// Adam divides by how large a gradient usually is: of one that is 0 but for
/// rounding, it makes a whole step, in a direction of chance. An epsilon above
/// such gradients keeps their steps small, so that backends can be compared.
constexpr AdamOptions kOptions{.epsilon = 1e-3F};
constexpr float kRate = 0.01F;

OptimiserMaker adam_on_cpu(const AdamOptions& options) {
  const std::shared_ptr<AdamBackend> adam = make_cpu_adam(2);
  return [=](Network& network) { return make_adam(network, *adam, options); };
}

OptimiserMaker adam_on_the_same(const AdamOptions& options) {
  return [=](Network& network) {
    return make_adam(network, adam_of(network.backend()), options);
  };
}

const Expected& expected_after_ten() {
  static const Expected expected(
      {.steps = 10, .rate = kRate, .optimiser = adam_on_cpu(kOptions)});
  return expected;
}

using AdamTraining = BackendTest;

TEST_P(AdamTraining, TenStepsGoWhereTheCpuGoes) {
  const auto [excess, name] = expected_after_ten().excess(train_on(
      *subject,
      {.steps = 10, .rate = kRate, .optimiser = adam_on_the_same(kOptions)}));
  EXPECT_LE(excess, 1) << name;
}

TEST_P(AdamTraining, TwoRunsGiveTheSameBits) {
  const Recipe recipe{
      .steps = 3, .rate = kRate, .optimiser = adam_on_the_same({})};
  const Arrays first = train_on(*subject, recipe);
  EXPECT_EQ(train_on(*subject, recipe), first);
  EXPECT_EQ(train_on(*GetParam().make(), recipe), first);
}

INSTANTIATE_TEST_SUITE_P(Every, AdamTraining,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);

TEST(AdamTrainingBound, NoticesEveryPartOfTheRecipe) {
  const auto excess = [](const AdamOptions& options, float rate = kRate,
                         std::uint64_t steps = 10) {
    return expected_after_ten()
        .excess(train_on_cpu(
            {.steps = steps, .rate = rate, .optimiser = adam_on_cpu(options)}))
        .first;
  };
  EXPECT_LE(excess(kOptions), 1);
  EXPECT_GT(excess(kOptions, kRate, 9), 10);
  EXPECT_GT(excess(kOptions, 1.01F * kRate), 1);
  EXPECT_GT(excess({.beta1 = 0.89F, .epsilon = 1e-3F}), 1);
  EXPECT_GT(excess({.beta2 = 0.99F, .epsilon = 1e-3F}), 1);
  EXPECT_GT(excess({.epsilon = 1.1e-3F}), 1);
}

}  // namespace
