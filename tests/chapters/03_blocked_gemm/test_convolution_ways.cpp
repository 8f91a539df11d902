#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "chapters/03_blocked_gemm/convolution_ways.hpp"
#include "chapters/03_blocked_gemm/report_shapes.hpp"
#include "chapters/03_blocked_gemm/separate_passes.hpp"
#include "common/error_bound.hpp"

namespace {

using namespace cnn;

// Two images of 5 x 5 with three channels: pooling by 2 drops a row and a
// column.
constexpr ChannelsLast kLayout{2, 5, 5, 3, 3};

std::size_t at(const ChannelsLast& layout, std::int64_t n, std::int64_t y,
               std::int64_t x, std::int64_t c) {
  return static_cast<std::size_t>(
      ((n * layout.height + y) * layout.width + x) * layout.pixel + c);
}

TEST(SeparatePasses, ReluKeepsNan) {
  std::vector<float> values{-1, 0, 2, NAN};
  relu_pass(values);
  EXPECT_EQ(values[0], 0);
  EXPECT_EQ(values[1], 0);
  EXPECT_EQ(values[2], 2);
  EXPECT_TRUE(std::isnan(values[3]));
}

TEST(SeparatePasses, PoolFindsMaximaAndTheFirstOfEquals) {
  std::vector<float> values(static_cast<std::size_t>(kLayout.size()), 0);
  values[at(kLayout, 1, 2, 3, 2)] = 4;  // window (1, 1), place 1
  values[at(kLayout, 1, 3, 2, 2)] = 4;  // the same window, place 2
  values[at(kLayout, 0, 1, 0, 0)] = 7;  // window (0, 0), place 2
  values[at(kLayout, 0, 4, 4, 1)] = 9;  // in the row and column left over
  const ChannelsLast small = pooled(kLayout, 2);
  EXPECT_EQ(small, (ChannelsLast{2, 2, 2, 3, 3}));
  std::vector<float> maxima(static_cast<std::size_t>(small.size()), NAN);
  std::vector<std::uint8_t> winners(maxima.size());
  max_pool_pass(kLayout, 2, values, maxima, winners, 99);
  std::vector<float> expected(maxima.size(), 0);
  std::vector<std::uint8_t> expected_winners(maxima.size(), 99);
  expected[at(small, 1, 1, 1, 2)] = 4;
  expected_winners[at(small, 1, 1, 1, 2)] = 1;
  expected[at(small, 0, 0, 0, 0)] = 7;
  expected_winners[at(small, 0, 0, 0, 0)] = 2;
  EXPECT_EQ(maxima, expected);
  EXPECT_EQ(winners, expected_winners);
}

TEST(SeparatePasses, SpreadGoesToWinnersOnly) {
  const ChannelsLast small = pooled(kLayout, 2);
  std::vector<float> gradient(static_cast<std::size_t>(small.size()));
  std::vector<std::uint8_t> winners(gradient.size());
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    gradient[i] = static_cast<float>(i + 1);
    winners[i] = static_cast<std::uint8_t>(i % 5);  // 4: nobody
  }
  std::vector<float> sums(static_cast<std::size_t>(kLayout.size()), NAN);
  spread_pass(kLayout, 2, gradient, winners, sums);
  std::vector<float> expected(sums.size(), 0);
  for (std::int64_t n = 0; n < 2; ++n)
    for (std::int64_t y = 0; y < 2; ++y)
      for (std::int64_t x = 0; x < 2; ++x)
        for (std::int64_t c = 0; c < 3; ++c) {
          const std::size_t from = at(small, n, y, x, c);
          const std::int64_t place = winners[from];
          if (place == 4) continue;
          expected[at(kLayout, n, 2 * y + place / 2, 2 * x + place % 2, c)] =
              gradient[from];
        }
  EXPECT_EQ(sums, expected);
}

// A result that was never computed is NaN and fails; after run() it passes.
TEST(ConvolutionWays, ComputeWhatTheyPromise) {
  for (const ReportShape& shape : kReportShapes) {
    const RandomProblem problem(with_batch(shape.geometry, 1), 5);
    const ConvolutionWay ways[] = {
        im2col_way(problem, multiply_add, "im2col", "im2col"),
        implicit_way(problem, best_isa(), 2),
        direct_way(problem, best_isa(), 2)};
    for (const ConvolutionWay& way : ways) {
      EXPECT_GT(way.scratch_bytes, 0);
      for (const Direction direction : kDirections) {
        const auto expected = expected_convolution(problem, direction);
        EXPECT_FALSE(compare(way.result[direction]().values(), expected.result,
                             expected.terms)
                         .passed());
        way.run[direction]();
        const auto outcome = compare(way.result[direction]().values(),
                                     expected.result, expected.terms);
        EXPECT_TRUE(outcome.passed())
            << shape.label << ", " << way.label << ": " << describe(outcome);
      }
    }
  }
}

}  // namespace
