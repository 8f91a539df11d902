#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "common/error_bound.hpp"
#include "common/random.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

constexpr std::int64_t kClasses = 7;

struct Expected {
  double loss = 0;
  std::vector<double> gradient;
  std::vector<double> bound;
};

// As it is defined, in long double. An exponential of a difference d is off by
// a rounding of d, so the bound grows with the logits' range; below the
// smallest normal float32 there are no digits to compare.
Expected expected(double smoothing, const std::vector<float>& logits,
                  const std::vector<std::uint8_t>& labels) {
  Expected result;
  const auto pictures = static_cast<long double>(labels.size());
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const float* z = &logits[row * kClasses];
    const auto [low, high] = std::minmax_element(z, z + kClasses);
    const long double largest = *high;
    const auto range = static_cast<std::int64_t>(*high - *low) + 1;
    long double sum = 0;
    for (int j = 0; j < kClasses; ++j) sum += std::exp(z[j] - largest);
    for (int j = 0; j < kClasses; ++j) {
      const long double log_p = z[j] - largest - std::log(sum);
      const long double target =
          smoothing / kClasses + (j == labels[row] ? 1 - smoothing : 0);
      result.loss -= static_cast<double>(target * log_p / pictures);
      const long double p = std::exp(log_p);
      result.gradient.push_back(static_cast<double>((p - target) / pictures));
      result.bound.push_back(gamma_bound(kClasses + 8 + range) *
                                 static_cast<double>((p + target) / pictures) +
                             std::numeric_limits<float>::min());
    }
  }
  return result;
}

void expect_right(double smoothing, const std::vector<float>& logits,
                  const std::vector<std::uint8_t>& labels) {
  std::vector<float> gradient(logits.size(), NAN);
  const double loss =
      smoothed_cross_entropy(kClasses, smoothing, logits, labels, gradient);
  const Expected truth = expected(smoothing, logits, labels);
  EXPECT_LE(std::abs(loss - truth.loss),
            gamma_bound(2 * kClasses + 8) * (truth.loss + 1));
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const double error = std::abs(gradient[i] - truth.gradient[i]);
    EXPECT_TRUE(error <= truth.bound[i])
        << "element " << i << " is " << gradient[i] << ", not "
        << truth.gradient[i];
  }
}

std::vector<float> random_logits(std::size_t pictures, float range) {
  std::vector<float> logits(pictures * kClasses);
  Random(11).fill_uniform(logits, -range, range);
  return logits;
}

TEST(SmoothedCrossEntropy, WithoutSmoothing) {
  expect_right(0, random_logits(5, 3), {0, 6, 2, 2, 5});
}

TEST(SmoothedCrossEntropy, WithSmoothing) {
  expect_right(0.1, random_logits(5, 3), {0, 6, 2, 2, 5});
  expect_right(0.75, random_logits(3, 8), {1, 3, 4});
}

TEST(SmoothedCrossEntropy, LargeLogits) {
  expect_right(0.1, {1000, -1000, 0, 0, 0, 0, 0}, {1});
  expect_right(0.1, {-1000, -1000, -1000, -1000, -1000, -1000, -1001}, {6});
}

TEST(SmoothedCrossEntropy, GradientIsZeroAtTheTarget) {
  const double smoothing = 0.5;
  const double other = smoothing / kClasses;
  std::vector<float> logits(kClasses, static_cast<float>(std::log(other)));
  logits[3] = static_cast<float>(std::log(1 - smoothing + other));
  std::vector<float> gradient(kClasses, NAN);
  smoothed_cross_entropy(kClasses, smoothing, logits,
                         std::vector{std::uint8_t{3}}, gradient);
  for (const float value : gradient) {
    EXPECT_TRUE(std::abs(value) <= gamma_bound(kClasses + 12)) << value;
  }
}

}  // namespace
