// Dense layers, the loss and the optimiser's step of every backend against
// float64.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"
#include "tests/chapters/04_cpu_cnn/dense_contract.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

using BackendDense = BackendTest;
using BackendSgd = BackendTest;

TEST_P(BackendDense, MatchesTheReference) {
  for (const DenseGeometry& g :
       {DenseGeometry{1, 1, 1}, DenseGeometry{3, 7, 5},
        DenseGeometry{65, 33, 10}, DenseGeometry{37, 200, 129}}) {
    EXPECT_EQ(complaints(*subject, g, GetParam().float32_sums), "")
        << g.batch << ", " << g.inputs << " -> " << g.outputs;
  }
}

class BackendLoss : public BackendTest {
 protected:
  /// Loss and right answers; `gradient_` gets the gradient.
  std::vector<float> loss(std::int64_t classes, const std::vector<float>& z,
                          const std::vector<std::uint8_t>& labels) {
    const auto batch = static_cast<std::int64_t>(labels.size());
    OnBackend on(*subject);
    const Array gradient = on.zeros(batch * classes);
    const Array totals = on.zeros(2);
    on.backend.softmax_cross_entropy(batch, classes, on.plain(z),
                                     on.bytes(labels), gradient, totals);
    gradient_ = on.read_plain(gradient, z.size());
    return on.read_plain(totals, 2);
  }

  void expect_like_reference(std::int64_t classes, const std::vector<float>& z,
                             const std::vector<std::uint8_t>& labels) {
    const auto totals = loss(classes, z, labels);
    const auto expected = softmax(static_cast<std::int64_t>(labels.size()),
                                  classes, doubles(z), labels);
    // Sums over classes, and for the loss over the batch, may be float32.
    const bool float32 = GetParam().float32_sums;
    const std::int64_t terms = 8 + (float32 ? classes : 0);
    const auto outcome = compare(gradient_, expected.gradient, terms);
    EXPECT_TRUE(outcome.passed()) << describe(outcome);
    const std::vector<double> value{expected.loss};
    const std::vector<double> magnitude{expected.loss_magnitude};
    const auto loss_outcome =
        compare(std::span(totals).first(1), {value, magnitude},
                terms + (float32 ? std::ssize(labels) : 0));
    EXPECT_TRUE(loss_outcome.passed()) << describe(loss_outcome);
    EXPECT_EQ(totals[1], expected.right);
  }

  std::vector<float> gradient_;
};

TEST_P(BackendLoss, MatchesTheReference) {
  std::vector<std::uint8_t> labels;
  for (int n = 0; n < 67; ++n)
    labels.push_back(static_cast<std::uint8_t>(n % 7));
  expect_like_reference(7, random_floats(67 * 7, 1, -4, 4), labels);
}

TEST_P(BackendLoss, HugeLogitsDoNotOverflow) {
  expect_like_reference(
      3, {1e30F, -1e30F, 0, 88, 90, 1000, -1e4F, -1e4F, -1e4F}, {0, 2, 1});
}

TEST_P(BackendLoss, PicturesThatAreNotThereCountForNothing) {
  const auto z = random_floats(4 * 5, 2);
  expect_like_reference(5, z, {3, 255, 0, 255});
  for (std::size_t i = 5; i < 10; ++i) EXPECT_EQ(gradient_[i], 0);
}

TEST_P(BackendLoss, OfEqualLogitsTheFirstIsTheAnswer) {
  EXPECT_EQ(loss(3, {2, 2, 1, 2, 2, 1}, {0, 1})[1], 1);
}

TEST_P(BackendLoss, NanReachesTheTotals) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t place = 0; place < 3; ++place) {
    std::vector<float> z(6, 1.0F);
    z[place] = nan;
    EXPECT_TRUE(std::isnan(loss(3, z, {1, 1})[0])) << place;
  }
  EXPECT_TRUE(
      std::isnan(loss(2, {std::numeric_limits<float>::infinity(), 0}, {0})[0]));
}

TEST_P(BackendLoss, OfABatchLargerThanAnyBlockOfThreads) {
  const std::size_t batch = 2500;
  std::vector<std::uint8_t> labels;
  for (std::size_t n = 0; n < batch; ++n) {
    labels.push_back(static_cast<std::uint8_t>(n % 3));
  }
  expect_like_reference(3, random_floats(batch * 3, 9, -2, 2), labels);
}

TEST_P(BackendLoss, TotalsAddUpAndGradientIsOptional) {
  OnBackend on(*subject);
  const Array totals = on.plain({1, 2});
  const Array logits = on.plain({0, 0});
  on.backend.softmax_cross_entropy(1, 2, logits, on.bytes({0}), nullptr,
                                   totals);
  const auto got = on.read_plain(totals, 2);
  EXPECT_FLOAT_EQ(got[0], 1 + std::log(2.0F));
  EXPECT_EQ(got[1], 3);
}

TEST_P(BackendSgd, MatchesTheReferenceOverTwoSteps) {
  const std::size_t size = GetParam().slow ? 3'000 : 40'000;
  OnBackend on(*subject);
  const auto w = random_floats(size, 1);
  const auto g = random_floats(size, 2);
  const SgdNumbers numbers{0.1F, 0.9F, 0.01F};
  const Array parameters = on.plain(w);
  const Array velocities = on.zeros(static_cast<std::int64_t>(size));
  const Array gradients = on.plain(g);
  Bounded expected(size);
  expected.value = doubles(w);
  Doubles velocity(size);
  for (int step = 0; step < 2; ++step) {
    on.backend.sgd_step(static_cast<std::int64_t>(size), numbers, gradients,
                        velocities, parameters);
    for (std::size_t i = 0; i < size; ++i) {
      double& weight = expected.value[i];
      velocity[i] = double{numbers.momentum} * velocity[i] + double{g[i]} +
                    double{numbers.weight_decay} * weight;
      weight -= double{numbers.rate} * velocity[i];
      expected.magnitude[i] = std::abs(w[i]) + 2 * std::abs(g[i]) + 1;
    }
  }
  EXPECT_TRUE(
      compare(on.read_plain(parameters, size), expected, 2 * 5).passed());
}

INSTANTIATE_TEST_SUITE_P(Every, BackendDense,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);
INSTANTIATE_TEST_SUITE_P(Every, BackendLoss,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);
INSTANTIATE_TEST_SUITE_P(Every, BackendSgd,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);

}  // namespace
