// Every gradient against finite differences, twice: the float64 references that
// the other tests compare with, and whole networks through the backend.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "chapters/04_cpu_cnn/gradient_check.hpp"
#include "tests/chapters/04_cpu_cnn/batch_norm_reference.hpp"
#include "tests/chapters/04_cpu_cnn/small_networks.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

/// Expects `gradient` to be that of `loss` at `point`, by central differences
/// in float64. With a step of 1e-4 the truncation is below 1e-8 times the third
/// derivative, the rounding about 1e-12: 1e-6 of the largest slope is far above
/// both, and far below any mistake.
void expect_gradient(const std::function<double(const Doubles&)>& loss,
                     Doubles point, const Doubles& gradient) {
  constexpr double kStep = 1e-4;
  double largest = 1;
  for (const double slope : gradient) {
    largest = std::max(largest, std::abs(slope));
  }
  ASSERT_EQ(point.size(), gradient.size());
  for (std::size_t i = 0; i < point.size(); ++i) {
    const double kept = point[i];
    point[i] = kept + kStep;
    const double above = loss(point);
    point[i] = kept - kStep;
    const double below = loss(point);
    point[i] = kept;
    EXPECT_NEAR(gradient[i], (above - below) / (2 * kStep), 1e-6 * largest)
        << "element " << i;
  }
}

double dot(const Doubles& a, const Doubles& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

TEST(ReferenceGradients, OfPooling) {
  for (const auto& [size, stride] : {std::pair{2, 2}, {3, 2}, {2, 3}}) {
    const PoolGeometry pool{{2, 2, 7, 6}, size, stride};
    const Doubles x = doubles(random_floats(count(pool.input), 1));
    const Doubles dy = doubles(random_floats(count(pool.output()), 2));
    expect_gradient(
        [&](const Doubles& p) { return dot(max_pool(pool, p), dy); }, x,
        max_pool_gradient(pool, x, dy).value);
    expect_gradient(
        [&](const Doubles& p) { return dot(average_pool(pool, p).value, dy); },
        x, average_pool_gradient(pool, dy).value);
  }
}

TEST(ReferenceGradients, OfDense) {
  const DenseGeometry g{3, 5, 4};
  const Doubles x = doubles(random_floats(15, 1));
  const Doubles w = doubles(random_floats(20, 2));
  const Doubles b = doubles(random_floats(4, 3));
  const Doubles dy = doubles(random_floats(12, 4));
  const auto loss = [&](const Doubles& input, const Doubles& weight,
                        const Doubles& bias) {
    return dot(test::dense_forward(g, input, weight, bias).value, dy);
  };
  expect_gradient([&](const Doubles& p) { return loss(p, w, b); }, x,
                  test::dense_backward_input(g, dy, w).value);
  expect_gradient([&](const Doubles& p) { return loss(x, p, b); }, w,
                  test::dense_backward_weight(g, x, dy).value);
  expect_gradient([&](const Doubles& p) { return loss(x, w, p); }, b,
                  test::channel_sums({3, 4, 1, 1}, dy).value);
}

TEST(ReferenceGradients, OfBatchNormalisation) {
  const Shape shape{3, 2, 3, 2};
  const Doubles x = doubles(random_floats(36, 1));
  const Doubles scale = doubles(random_floats(2, 2));
  const Doubles shift = doubles(random_floats(2, 3));
  const Doubles dy = doubles(random_floats(36, 4));
  const auto loss = [&](const Doubles& input, const Doubles& gamma,
                        const Doubles& beta) {
    return dot(batch_norm(shape, input, gamma, beta, 1e-3).value, dy);
  };
  const auto gradients = batch_norm_gradients(shape, x, scale, dy, 1e-3);
  expect_gradient([&](const Doubles& p) { return loss(p, scale, shift); }, x,
                  gradients.input.value);
  expect_gradient([&](const Doubles& p) { return loss(x, p, shift); }, scale,
                  gradients.scale.value);
  expect_gradient([&](const Doubles& p) { return loss(x, scale, p); }, shift,
                  gradients.shift.value);
}

TEST(ReferenceGradients, OfSoftmaxCrossEntropy) {
  const std::vector<std::uint8_t> labels{2, 255, 0, 4};
  const Doubles z = doubles(random_floats(20, 1, -3, 3));
  expect_gradient(
      [&](const Doubles& p) { return softmax(4, 5, p, labels).loss / 4; }, z,
      softmax(4, 5, z, labels).gradient.value);
}

/// What the check says of a network on this backend.
std::vector<GradientCheck> checks(Backend& backend) {
  Network network(every_layer(), kSmallInput, backend, 5);
  fill_batch(network, 2);
  const auto before = parameters_of(network);
  auto result = check_gradients(network, 9);
  EXPECT_EQ(parameters_of(network), before);
  return result;
}

TEST(GradientCheck, PassesForEveryParameterOfEveryLayer) {
  for (const auto method :
       {ConvolutionMethod::kDirect, ConvolutionMethod::kLoops}) {
    CpuBackend backend(2, method);
    for (const GradientCheck& check : checks(backend)) {
      EXPECT_TRUE(check.passed())
          << check.parameter << ": " << check.computed << " against "
          << check.measured << " to within " << check.tolerance;
    }
  }
}

TEST(GradientCheck, SeesAReluThatPassesEverything) {
  BrokenRelu backend(1, ConvolutionMethod::kLoops);
  Network network(
      {{conv2d(6, 3), relu(), flatten(), dense(20), relu(), dense(5)}},
      {8, 1, 7, 7}, backend, 5);
  fill_batch(network, 2);
  const auto result = check_gradients(network, 9);
  // Behind the last ReLU all is well, before it nothing is.
  EXPECT_FALSE(result[0].passed());
  EXPECT_FALSE(result[1].passed());
  EXPECT_FALSE(result[2].passed());
  EXPECT_FALSE(result[3].passed());
  EXPECT_TRUE(result[4].passed());
  EXPECT_TRUE(result[5].passed());
}

TEST(GradientCheck, NanDoesNotPass) {
  EXPECT_FALSE(GradientCheck({"0.weight", std::nan(""), 0, 1}).passed());
  EXPECT_FALSE(GradientCheck({"0.weight", 0, std::nan(""), 1}).passed());
}

}  // namespace
