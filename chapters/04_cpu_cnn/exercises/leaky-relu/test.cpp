#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "exercise.hpp"

namespace {

using namespace cnn;

const std::vector<float> kInput{3, -4, 0, 0.5F, -0.5F, 1e-30F, -1e-30F};

// A slope of 1/4 makes every product exact: nothing to round, no tolerance.
TEST(LeakyRelu, Forward) {
  std::vector<float> output(kInput.size(), NAN);
  leaky_relu_forward(0.25F, kInput, output);
  EXPECT_EQ(output, (std::vector<float>{3, -1, 0, 0.5F, -0.125F, 1e-30F,
                                        -0.25F * 1e-30F}));
}

TEST(LeakyRelu, ForwardInPlace) {
  std::vector<float> values{8, -8};
  leaky_relu_forward(0.25F, values, values);
  EXPECT_EQ(values, (std::vector<float>{8, -2}));
}

// The function is a straight line on either side of 0, so a finite difference
// that stays on one side is the derivative itself.
TEST(LeakyRelu, BackwardIsTheSlopeOfForward) {
  const std::vector<float> points{2, -2, 64, -64};
  std::vector<float> below{1, -3, 63, -65};
  std::vector<float> above{3, -1, 65, -63};
  std::vector<float> output(points.size());
  leaky_relu_forward(0.25F, points, output);
  leaky_relu_forward(0.25F, below, below);
  leaky_relu_forward(0.25F, above, above);
  const std::vector<float> gradient{1, 1, 5, -5};
  std::vector<float> actual(points.size(), NAN);
  leaky_relu_backward(0.25F, output, gradient, actual);
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_EQ(actual[i], gradient[i] * (above[i] - below[i]) / 2) << i;
  }
}

TEST(LeakyRelu, BackwardInPlace) {
  const std::vector<float> output{2, -2};
  std::vector<float> gradient{4, 4};
  leaky_relu_backward(0.25F, output, gradient, gradient);
  EXPECT_EQ(gradient, (std::vector<float>{4, 1}));
}

TEST(LeakyRelu, NanStaysNan) {
  std::vector<float> values{std::numeric_limits<float>::quiet_NaN()};
  leaky_relu_forward(0, values, values);
  EXPECT_TRUE(std::isnan(values[0]));
}

}  // namespace
