// ReLU, pooling and dropout of every backend against their definitions.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"
#include "tests/chapters/04_cpu_cnn/pooling_contract.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

using BackendRelu = BackendTest;
using BackendPool = BackendTest;
using BackendDropout = BackendTest;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST_P(BackendRelu, PassesWhatIsAboveZeroAndNan) {
  OnBackend on(*subject);
  const Shape shape{1, 5, 1, 1};
  const Array array = on.activation(shape, {-1, 0, 2, kNan, -0.5F});
  on.backend.relu_forward(shape, array, array);
  const auto got = on.read(shape, array);
  EXPECT_EQ(got[0], 0);
  EXPECT_EQ(got[1], 0);
  EXPECT_EQ(got[2], 2);
  EXPECT_TRUE(std::isnan(got[3]));
  EXPECT_EQ(got[4], 0);

  const Array gradient = on.plain({1, 2, 3, 4, 5});
  on.backend.relu_backward(shape, on.plain({0, 0, 2, 1, 0}), gradient,
                           gradient);
  EXPECT_EQ(on.read(shape, gradient), (std::vector<float>{0, 0, 3, 4, 0}));
}

TEST_P(BackendRelu, OfManyPixels) {
  OnBackend on(*subject);
  const Shape shape{2, 17, 6, 9};
  const auto x = random_floats(count(shape), 1);
  const auto g = random_floats(count(shape), 2);
  const Array output = on.activation(shape);
  on.backend.relu_forward(shape, on.activation(shape, x), output);
  const Array back = on.activation(shape);
  on.backend.relu_backward(shape, output, on.activation(shape, g), back);
  const auto y = on.read(shape, output);
  const auto dx = on.read(shape, back);
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(y[i], std::max(x[i], 0.0F)) << i;
    EXPECT_EQ(dx[i], x[i] > 0 ? g[i] : 0) << i;
  }
}

TEST_P(BackendPool, MatchesTheReferenceAlsoWhereWindowsOverlapOrLeaveGaps) {
  for (const Shape& shape :
       {Shape{2, 3, 7, 5}, Shape{3, 8, 5, 5}, Shape{2, 17, 6, 9}}) {
    for (const auto& [size, stride] :
         std::vector<std::pair<int, int>>{{2, 2}, {3, 2}, {2, 3}, {3, 1}}) {
      EXPECT_EQ(complaints(*subject, PoolGeometry{shape, size, stride}), "")
          << to_string(shape) << ", size " << size << ", stride " << stride;
    }
  }
}

TEST_P(BackendPool, OfEqualsTheFirstGetsTheGradient) {
  OnBackend on(*subject);
  const PoolGeometry pool{{1, 1, 2, 2}, 2, 2};
  const Array input = on.activation(pool.input, {3, 5, 5, 5});
  const Array output = on.activation(pool.output());
  on.backend.max_pool_forward(pool, input, output);
  const Array gradient = on.activation(pool.input);
  const Array from_above = on.activation(pool.output(), {2});
  on.backend.max_pool_backward(pool, input, output, from_above, gradient);
  EXPECT_EQ(on.read(pool.input, gradient), (std::vector<float>{0, 2, 0, 0}));
}

TEST_P(BackendPool, NanWinsWhereverItStands) {
  for (std::size_t place = 0; place < 4; ++place) {
    OnBackend on(*subject);
    const PoolGeometry pool{{1, 1, 2, 2}, 2, 2};
    std::vector<float> x{1, 2, 3, 4};
    x[place] = kNan;
    const Array output = on.activation(pool.output());
    on.backend.max_pool_forward(pool, on.activation(pool.input, x), output);
    EXPECT_TRUE(std::isnan(on.read(pool.output(), output)[0]));
  }
}

TEST_P(BackendDropout, KeepsWhatTheRandomNumbersOfNchwOrderSay) {
  const DropoutNumbers numbers{
      .seed = 5, .stream = 9, .step = 3, .probability = 0.3F};
  const Shape large{GetParam().slow ? 2 : 64, 1568, 1, 1};
  for (const Shape& shape :
       {Shape{3, 5, 7, 3}, Shape{2, 20, 9, 5}, Shape{7, 513, 1, 1}, large}) {
    OnBackend on(*subject);
    const auto x = random_floats(count(shape), 4, 0.5F, 1);
    const Array array = on.activation(shape, x);
    on.backend.dropout_forward(shape, numbers, array, array);
    const auto got = on.read(shape, array);
    const Random random(5, 9);
    std::int64_t wrong = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      const bool kept = random.uniform(3 * got.size() + i) >= 0.3F;
      wrong += got[i] != (kept ? x[i] * (1 / (1 - 0.3F)) : 0);
    }
    EXPECT_EQ(wrong, 0) << to_string(shape);

    // The way back: the same mask and the same scale.
    const Array back = on.activation(shape, x);
    on.backend.dropout_backward(shape, numbers, back, back);
    EXPECT_EQ(on.read(shape, back), got);
  }
}

TEST_P(BackendDropout, CountsBeyond32Bits) {
  // Philox blocks on both sides of number 2^32, in the midst of a piece.
  const Shape shape{1, 9999, 1, 1};
  const std::uint64_t step = (std::uint64_t{1} << 34) / 9999;
  OnBackend on(*subject);
  const std::vector<float> ones(count(shape), 1.0F);
  const Array array = on.activation(shape, ones);
  on.backend.dropout_forward(shape, {5, 9, step, 0.5F}, array, array);
  const auto got = on.read(shape, array);
  const Random random(5, 9);
  std::int64_t wrong = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const bool kept = random.uniform(step * 9999 + i) >= 0.5F;
    wrong += got[i] != (kept ? 2.0F : 0.0F);
  }
  EXPECT_EQ(wrong, 0);
}

TEST_P(BackendDropout, KeepsTheMeanAndAnotherStepDropsOthers) {
  OnBackend on(*subject);
  const Shape shape{GetParam().slow ? 5 : 100, 1000, 1, 1};
  const std::vector<float> ones(count(shape), 1.0F);
  const auto dropped = [&](std::uint64_t step) {
    const Array array = on.activation(shape, ones);
    on.backend.dropout_forward(shape, {1, 2, step, 0.4F}, array, array);
    return on.read(shape, array);
  };
  const auto first = dropped(0);
  double mean = 0;
  for (const float x : first) mean += x;
  const auto size = static_cast<double>(first.size());
  mean /= size;
  // Five deviations of a mean of so many numbers that are 0 or 1 / 0.6.
  EXPECT_NEAR(mean, 1, 5 * std::sqrt(0.4 / 0.6 / size));
  EXPECT_NE(first, dropped(1));
  EXPECT_EQ(first, dropped(0));
}

TEST_P(BackendDropout, OfNothingKeepsAll) {
  OnBackend on(*subject);
  const Shape shape{2, 3, 4, 5};
  const auto x = random_floats(count(shape), 6);
  const Array input = on.activation(shape, x);
  const Array output = on.activation(shape);
  on.backend.dropout_forward(shape, {}, input, output);
  EXPECT_EQ(on.read(shape, output), x);
  on.backend.dropout_forward(shape, {}, input, input);
  EXPECT_EQ(on.read(shape, input), x);
}

INSTANTIATE_TEST_SUITE_P(Every, BackendRelu,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);
INSTANTIATE_TEST_SUITE_P(Every, BackendPool,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);
INSTANTIATE_TEST_SUITE_P(Every, BackendDropout,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);

}  // namespace
