#include <gtest/gtest.h>

#include "chapters/07_four_reports/full_batch.hpp"
#include "tests/chapters/04_cpu_cnn/training_fixture.hpp"

namespace cnn {
namespace {

FullBatchOutcome trained(std::int64_t iterations, const char* place) {
  return train_full_batch(
      {.iterations = iterations, .rate = 0.5F, .validation = 20},
      {make_bars(170, 1), make_bars(60, 2)}, Place(place, 1));
}

TEST(FullBatch, SeesEveryPictureInEveryStepAndLearns) {
  const FullBatchOutcome outcome = trained(200, "cpu");
  EXPECT_EQ(outcome.pictures, 150);
  ASSERT_EQ(outcome.losses.size(), 200U);
  EXPECT_LT(outcome.losses.back(), 0.5 * outcome.losses.front());
  EXPECT_GT(outcome.accuracies.back(), outcome.accuracies.front());
  EXPECT_GT(outcome.times.forward, 0);
  EXPECT_GT(outcome.times.backward, 0);
  EXPECT_GT(outcome.bytes, 150 * 64 * 4);
}

// Gradient descent on all pictures has no noise: at a small enough rate the
// loss falls in every step.
TEST(FullBatch, LossFallsInEveryStep) {
  const FullBatchOutcome outcome = trained(50, "cpu");
  for (std::size_t i = 1; i < outcome.losses.size(); ++i) {
    EXPECT_LT(outcome.losses[i], outcome.losses[i - 1]) << i;
  }
}

TEST(FullBatch, RunsTheSameOnGpuKernels) {
  const FullBatchOutcome cpu = trained(3, "cpu");
  const FullBatchOutcome gpu = trained(3, "emulated");
  for (std::size_t i = 0; i < cpu.losses.size(); ++i) {
    EXPECT_NEAR(gpu.losses[i], cpu.losses[i], 1e-5) << i;
  }
}

}  // namespace
}  // namespace cnn
