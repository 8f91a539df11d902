#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "chapters/04_cpu_cnn/schedule.hpp"
#include "common/errors.hpp"

namespace cnn {
namespace {

std::vector<float> rates(const Schedule& schedule, std::int64_t steps) {
  std::vector<float> all;
  for (std::int64_t step = 0; step < steps; ++step) {
    all.push_back(learning_rate(schedule, step, steps));
  }
  return all;
}

TEST(Schedule, ConstantStays) {
  for (const float rate :
       rates({.kind = Schedule::Kind::kConstant, .rate = 0.3F}, 17)) {
    EXPECT_EQ(rate, 0.3F);
  }
}

TEST(Schedule, StepsFallAfterEachPiece) {
  const auto all = rates({.kind = Schedule::Kind::kStep,
                          .rate = 0.8F,
                          .factor = 0.25F,
                          .pieces = 3},
                         12);
  for (std::size_t step = 0; step < 12; ++step) {
    const float expected = step < 4 ? 0.8F : step < 8 ? 0.2F : 0.05F;
    EXPECT_FLOAT_EQ(all[step], expected) << step;
  }
}

TEST(Schedule, CosineFallsFromTheRateTowardsZero) {
  const auto all = rates({.kind = Schedule::Kind::kCosine, .rate = 0.4F}, 100);
  EXPECT_FLOAT_EQ(all.front(), 0.4F);
  EXPECT_FLOAT_EQ(all[50], 0.2F);  // half the way
  EXPECT_FLOAT_EQ(all[25],
                  static_cast<float>(0.2 * (1 + std::numbers::sqrt2 / 2)));
  EXPECT_GT(all.back(), 0);
  EXPECT_LT(all.back(), 0.4F * 0.001F);
  for (std::size_t step = 1; step < all.size(); ++step) {
    EXPECT_LT(all[step], all[step - 1]) << step;
  }
}

TEST(Schedule, OneCycleRisesInALineThenFallsLikeACosine) {
  const Schedule schedule{
      .kind = Schedule::Kind::kOneCycle, .rate = 0.5F, .warm_up = 0.25F};
  const auto all = rates(schedule, 200);
  EXPECT_FLOAT_EQ(all.front(), 0.5F / 25);
  EXPECT_FLOAT_EQ(all[50], 0.5F);                    // the top
  EXPECT_FLOAT_EQ(all[25], (0.5F + 0.5F / 25) / 2);  // half the way up
  EXPECT_FLOAT_EQ(all[125], 0.25F);                  // half the way down
  EXPECT_LT(all.back(), 0.5F * 0.001F);
  for (std::size_t step = 1; step < all.size(); ++step) {
    if (step <= 50) {
      EXPECT_GT(all[step], all[step - 1]) << step;
      EXPECT_NEAR(all[step] - all[step - 1], 0.48F / 50, 1e-6F) << step;
    } else {
      EXPECT_LT(all[step], all[step - 1]) << step;
    }
  }
}

TEST(Schedule, OneCycleMayLackEitherHalf) {
  Schedule schedule{.kind = Schedule::Kind::kOneCycle, .rate = 1, .warm_up = 0};
  EXPECT_FLOAT_EQ(learning_rate(schedule, 0, 10), 1);
  EXPECT_FLOAT_EQ(learning_rate(schedule, 5, 10), 0.5F);
  schedule.warm_up = 1;
  EXPECT_FLOAT_EQ(learning_rate(schedule, 0, 10), 1.0F / 25);
  EXPECT_FLOAT_EQ(learning_rate(schedule, 5, 10), 0.52F);
}

TEST(Schedule, HasNoStepBeyondTheLast) {
  EXPECT_THROW(learning_rate({}, -1, 10), std::invalid_argument);
  EXPECT_THROW(learning_rate({}, 10, 10), std::invalid_argument);
  EXPECT_THROW(learning_rate({}, 0, 0), std::invalid_argument);
}

TEST(Schedule, NamesGoBothWays) {
  for (const auto kind : {Schedule::Kind::kConstant, Schedule::Kind::kStep,
                          Schedule::Kind::kCosine, Schedule::Kind::kOneCycle}) {
    EXPECT_EQ(schedule_named(name_of(kind)), kind);
    EXPECT_FALSE(describe({.kind = kind}).empty());
  }
  EXPECT_THROW(schedule_named("linear"), InputError);
}

}  // namespace
}  // namespace cnn
