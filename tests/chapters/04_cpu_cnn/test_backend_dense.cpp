// Dense layers, the loss and the optimiser's step against float64.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/chapters/04_cpu_cnn/layer_references.hpp"
#include "tests/chapters/04_cpu_cnn/on_backend.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

TEST(BackendDense, MatchesTheReference) {
  for (const DenseGeometry& g :
       {DenseGeometry{1, 1, 1}, DenseGeometry{3, 7, 5},
        DenseGeometry{65, 33, 10}, DenseGeometry{37, 200, 129}}) {
    OnBackend<> on;
    on.backend.reserve_dense(g);
    const auto size = [](std::int64_t n) {
      return static_cast<std::size_t>(n);
    };
    const auto x = random_floats(size(g.batch * g.inputs), 1);
    const auto w = random_floats(size(g.outputs * g.inputs), 2);
    const auto b = random_floats(size(g.outputs), 3);
    const auto dy = random_floats(size(g.batch * g.outputs), 4);
    const Array input = on.plain(x);
    const Array weight = on.plain(w);
    const Array gradient = on.plain(dy);

    const Array output = on.zeros(g.batch * g.outputs);
    on.backend.dense_forward(g, input, weight, on.plain(b), output, false);
    const Bounded y =
        test::dense_forward(g, doubles(x), doubles(w), doubles(b));
    EXPECT_TRUE(
        compare(on.read_plain(output, dy.size()), y, g.inputs + 1).passed());

    on.backend.dense_forward(g, input, weight, on.plain(b), output, true);
    Bounded positive = y;
    for (double& value : positive.value) value = std::max(value, 0.0);
    EXPECT_TRUE(
        compare(on.read_plain(output, dy.size()), positive, g.inputs + 1)
            .passed());

    const Array dx = on.zeros(g.batch * g.inputs);
    on.backend.dense_backward_input(g, gradient, weight, dx);
    EXPECT_TRUE(compare(on.read_plain(dx, x.size()),
                        test::dense_backward_input(g, doubles(dy), doubles(w)),
                        g.outputs)
                    .passed());

    const Array dw = on.zeros(g.outputs * g.inputs);
    const Array db = on.zeros(g.outputs);
    on.backend.dense_backward_weight(g, input, gradient, dw, db);
    EXPECT_TRUE(compare(on.read_plain(dw, w.size()),
                        test::dense_backward_weight(g, doubles(x), doubles(dy)),
                        g.batch)
                    .passed());
    EXPECT_TRUE(
        compare(on.read_plain(db, b.size()),
                test::channel_sums({g.batch, g.outputs, 1, 1}, doubles(dy)), 1)
            .passed());
  }
}

class BackendLoss : public testing::Test {
 protected:
  /// Loss and right answers; `gradient_` gets the gradient.
  std::vector<float> loss(std::int64_t classes, const std::vector<float>& z,
                          const std::vector<std::uint8_t>& labels) {
    const auto batch = static_cast<std::int64_t>(labels.size());
    const Array gradient = on_.zeros(batch * classes);
    const Array totals = on_.zeros(2);
    on_.backend.softmax_cross_entropy(batch, classes, on_.plain(z),
                                      on_.bytes(labels), gradient, totals);
    gradient_ = on_.read_plain(gradient, z.size());
    return on_.read_plain(totals, 2);
  }

  void expect_like_reference(std::int64_t classes, const std::vector<float>& z,
                             const std::vector<std::uint8_t>& labels) {
    const auto totals = loss(classes, z, labels);
    const auto expected = softmax(static_cast<std::int64_t>(labels.size()),
                                  classes, doubles(z), labels);
    const auto outcome = compare(gradient_, expected.gradient, 8);
    EXPECT_TRUE(outcome.passed()) << describe(outcome);
    const std::vector<double> value{expected.loss};
    const std::vector<double> magnitude{expected.loss_magnitude};
    EXPECT_TRUE(
        compare(std::span(totals).first(1), {value, magnitude}, 8).passed());
    EXPECT_EQ(totals[1], expected.right);
  }

  OnBackend<> on_;
  std::vector<float> gradient_;
};

TEST_F(BackendLoss, MatchesTheReference) {
  std::vector<std::uint8_t> labels;
  for (int n = 0; n < 67; ++n)
    labels.push_back(static_cast<std::uint8_t>(n % 7));
  expect_like_reference(7, random_floats(67 * 7, 1, -4, 4), labels);
}

TEST_F(BackendLoss, HugeLogitsDoNotOverflow) {
  expect_like_reference(
      3, {1e30F, -1e30F, 0, 88, 90, 1000, -1e4F, -1e4F, -1e4F}, {0, 2, 1});
}

TEST_F(BackendLoss, PicturesThatAreNotThereCountForNothing) {
  const auto z = random_floats(4 * 5, 2);
  expect_like_reference(5, z, {3, 255, 0, 255});
  for (std::size_t i = 5; i < 10; ++i) EXPECT_EQ(gradient_[i], 0);
}

TEST_F(BackendLoss, OfEqualLogitsTheFirstIsTheAnswer) {
  EXPECT_EQ(loss(3, {2, 2, 1, 2, 2, 1}, {0, 1})[1], 1);
}

TEST_F(BackendLoss, NanReachesTheTotals) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t place = 0; place < 3; ++place) {
    std::vector<float> z(6, 1.0F);
    z[place] = nan;
    EXPECT_TRUE(std::isnan(loss(3, z, {1, 1})[0])) << place;
  }
  EXPECT_TRUE(
      std::isnan(loss(2, {std::numeric_limits<float>::infinity(), 0}, {0})[0]));
}

TEST_F(BackendLoss, TotalsAddUpAndGradientIsOptional) {
  const Array totals = on_.plain({1, 2});
  const Array logits = on_.plain({0, 0});
  on_.backend.softmax_cross_entropy(1, 2, logits, on_.bytes({0}), nullptr,
                                    totals);
  const auto got = on_.read_plain(totals, 2);
  EXPECT_FLOAT_EQ(got[0], 1 + std::log(2.0F));
  EXPECT_EQ(got[1], 3);
}

TEST(BackendSgd, MatchesTheReferenceOverTwoSteps) {
  constexpr std::size_t kSize = 40'000;
  OnBackend<> on;
  const auto w = random_floats(kSize, 1);
  const auto g = random_floats(kSize, 2);
  const SgdNumbers numbers{0.1F, 0.9F, 0.01F};
  const Array parameters = on.plain(w);
  const Array velocities = on.zeros(kSize);
  const Array gradients = on.plain(g);
  Bounded expected(kSize);
  expected.value = doubles(w);
  Doubles velocity(kSize);
  for (int step = 0; step < 2; ++step) {
    on.backend.sgd_step(kSize, numbers, gradients, velocities, parameters);
    for (std::size_t i = 0; i < kSize; ++i) {
      double& weight = expected.value[i];
      velocity[i] = double{numbers.momentum} * velocity[i] + double{g[i]} +
                    double{numbers.weight_decay} * weight;
      weight -= double{numbers.rate} * velocity[i];
      expected.magnitude[i] = std::abs(w[i]) + 2 * std::abs(g[i]) + 1;
    }
  }
  EXPECT_TRUE(
      compare(on.read_plain(parameters, kSize), expected, 2 * 5).passed());
}

}  // namespace
