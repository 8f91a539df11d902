#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "exercise.hpp"

namespace {

using namespace cnn;

// Halves, quarters, eighths: every product and every sum is exact.
TEST(Nesterov, TwoStepsByHand) {
  std::vector<float> parameters{1, -2, 0};
  std::vector<float> velocities{0, 4, 0};
  const std::vector<float> gradients{2, 1, -8};
  nesterov_step(0.5F, 0.5F, gradients, velocities, parameters);
  EXPECT_EQ(velocities, (std::vector<float>{2, 3, -8}));
  EXPECT_EQ(parameters, (std::vector<float>{-0.5F, -3.25F, 6}));
  nesterov_step(0.5F, 0.5F, gradients, velocities, parameters);
  EXPECT_EQ(velocities, (std::vector<float>{3, 2.5F, -12}));
  EXPECT_EQ(parameters, (std::vector<float>{-2.25F, -4.375F, 13}));
}

TEST(Nesterov, WithoutMomentumIsGradientDescent) {
  std::vector<float> parameters{1, 1};
  std::vector<float> velocities{0, 0};
  nesterov_step(0.25F, 0, std::vector<float>{4, -4}, velocities, parameters);
  EXPECT_EQ(parameters, (std::vector<float>{0, 2}));
}

// How far the swinging reaches in the last 20 of 100 steps down a parabola.
float reach(bool look_ahead) {
  std::vector<float> w{1};
  std::vector<float> v{0};
  float furthest = 0;
  for (int step = 0; step < 100; ++step) {
    const std::vector<float> gradient{w[0]};
    if (look_ahead) {
      nesterov_step(0.1F, 0.9F, gradient, v, w);
    } else {
      v[0] = 0.9F * v[0] + gradient[0];
      w[0] -= 0.1F * v[0];
    }
    if (step >= 80) furthest = std::max(furthest, std::abs(w[0]));
  }
  return furthest;
}

TEST(Nesterov, ComesToRestSoonerThanPlainMomentum) {
  EXPECT_TRUE(reach(true) < 0.1F * reach(false)) << reach(true);
  EXPECT_GT(reach(true), 0);
}

}  // namespace
