// The kernels for pictures of one channel under a 2 x 2 pool.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chapters/03_blocked_gemm/direct_plan.hpp"
#include "tests/chapters/03_blocked_gemm/direct_case.hpp"

namespace {

using namespace cnn;
using test::DirectCase;

bool has_own_kernels(const DirectCase& c) {
  return DirectConvolution::Plan(c.geometry, c.options).first_layer;
}

ConvolutionGeometry pictures(std::int64_t outputs, std::int64_t size,
                             std::int64_t padding) {
  return {3, 1, 14, 11, outputs, size, size, 1, padding};
}

TEST(FirstLayer, MatchesFloat64) {
  int own = 0;
  for (const Isa isa : supported_isas()) {
    for (const std::int64_t outputs : {1, 3, 4, 5, 8, 9, 16, 17, 33, 40}) {
      for (const std::int64_t size : {1, 2, 3, 4, 5, 6}) {
        for (const std::int64_t padding : {0, 1, 2}) {
          for (const bool relu : {false, true}) {
            DirectCase c(pictures(outputs, size, padding),
                         {.relu = relu, .pool = 2, .isa = isa}, 31);
            own += has_own_kernels(c) ? 1 : 0;
            c.run();
            for (const Comparison& outcome :
                 {judge_output(c), judge_input_gradient(c),
                  judge_filter_gradient(c), judge_bias_gradient(c)}) {
              ASSERT_TRUE(outcome.passed())
                  << c.name() << ": " << describe(outcome);
            }
            ASSERT_EQ(test::dirty_gaps(c.out, c.output), 0) << c.name();
            if (outputs > 4 && size <= 3) {
              ASSERT_TRUE(has_own_kernels(c)) << c.name();
            }
          }
        }
      }
    }
  }
  EXPECT_GT(own, 0);
}

TEST(FirstLayer, TakesOnlyWhatItCanDo) {
  const DirectOptions options{.relu = true, .pool = 2};
  const ConvolutionGeometry good{1, 1, 12, 12, 8, 3, 3, 1, 1};
  EXPECT_TRUE(DirectConvolution::Plan(good, options).first_layer);
  EXPECT_FALSE(DirectConvolution::Plan(good, {.relu = true}).first_layer);
  EXPECT_FALSE(DirectConvolution::Plan(good, {.pool = 3}).first_layer);
  for (const ConvolutionGeometry& other :
       {ConvolutionGeometry{1, 2, 12, 12, 8, 3, 3, 1, 1},
        ConvolutionGeometry{1, 1, 12, 12, 8, 3, 3, 2, 1},
        ConvolutionGeometry{1, 1, 12, 12, 8, 3, 2, 1, 1},
        ConvolutionGeometry{1, 1, 12, 12, 8, 6, 6, 1, 1}}) {
    EXPECT_FALSE(DirectConvolution::Plan(other, options).first_layer);
  }
}

// More tasks than images cut an image into bands.
TEST(FirstLayer, AnyNumberOfThreadsGivesTheSameBits) {
  for (const Isa isa : supported_isas()) {
    for (const std::int64_t batch : {1, 5, 40}) {
      for (const std::int64_t outputs : {8, 33}) {
        const ConvolutionGeometry geometry{batch, 1, 13, 15, outputs,
                                           3,     3, 1,  1};
        DirectCase one(geometry, {.relu = true, .pool = 2, .isa = isa}, 32);
        one.run();
        for (const int threads : {2, 3, 5}) {
          DirectCase many(
              geometry,
              {.relu = true, .pool = 2, .threads = threads, .isa = isa}, 32);
          many.run();
          EXPECT_EQ(many.output, one.output) << many.name();
          EXPECT_EQ(many.winners, one.winners) << many.name();
          EXPECT_EQ(many.filter_gradient, one.filter_gradient) << many.name();
          EXPECT_EQ(many.bias_gradient, one.bias_gradient) << many.name();
        }
      }
    }
  }
}

// Against the numbers that the general way computes for the same pictures.
TEST(FirstLayer, WinnersAreWhereTheMaximumIs) {
  for (const Isa isa : supported_isas()) {
    DirectCase sums(pictures(9, 3, 1), {.isa = isa}, 33);
    DirectCase c(pictures(9, 3, 1), {.relu = true, .pool = 2, .isa = isa}, 33);
    ASSERT_FALSE(has_own_kernels(sums));
    ASSERT_TRUE(has_own_kernels(c));
    sums.run();
    c.run();
    int nobodies = 0;
    for (std::int64_t i = 0; i < c.out.size(); ++i) {
      const std::int64_t o = i % c.out.pixel;
      if (o >= c.out.channels) continue;
      const std::int64_t x = i / c.out.pixel % c.out.width;
      const std::int64_t y = i / c.out.pixel / c.out.width;  // of all images
      std::uint8_t winner = 0;
      float best = -INFINITY;
      for (std::int64_t k = 0; k < 4; ++k) {
        const auto from = static_cast<std::size_t>(
            ((2 * y + k / 2) * sums.out.width + 2 * x + k % 2) *
                sums.out.pixel +
            o);
        if (!(sums.output[from] > best)) continue;
        best = sums.output[from];
        winner = static_cast<std::uint8_t>(k);
      }
      if (best <= 0) {
        winner = DirectConvolution::kNobody;
        ++nobodies;
      }
      const auto at = static_cast<std::size_t>(i);
      ASSERT_EQ(c.output[at], std::max(best, 0.0F)) << c.name();
      ASSERT_EQ(c.winners[at], winner) << c.name();
    }
    EXPECT_GT(nobodies, 0);
  }
}

TEST(FirstLayer, OfEqualsTheFirstWins) {
  for (const Isa isa : supported_isas()) {
    for (const float value : {1.0F, 0.0F, -1.0F}) {
      DirectCase c(pictures(17, 3, 0), {.relu = true, .pool = 2, .isa = isa},
                   34);
      ASSERT_TRUE(has_own_kernels(c));
      std::ranges::fill(c.input, value);
      c.problem.filter.fill(1);
      std::ranges::fill(c.bias, 0.0F);
      c.run();
      for (std::int64_t i = 0; i < c.out.size(); ++i) {
        if (i % c.out.pixel >= c.out.channels) continue;
        const auto at = static_cast<std::size_t>(i);
        EXPECT_EQ(c.output[at], value > 0 ? 9 : 0);
        EXPECT_EQ(c.winners[at], value > 0 ? 0 : DirectConvolution::kNobody);
      }
    }
  }
}

// A number of the picture that only one of four sums has seen.
TEST(FirstLayer, NanWinsWhereverItIs) {
  for (const Isa isa : supported_isas()) {
    for (const std::size_t position : {0UL, 1UL, 2UL, 3UL}) {
      DirectCase c(pictures(8, 3, 0), {.relu = true, .pool = 2, .isa = isa},
                   35);
      ASSERT_TRUE(has_own_kernels(c));
      const std::size_t corner = position / 2 * 3 * 11 + position % 2 * 3;
      c.input[corner] = NAN;
      c.run();
      for (std::size_t o = 0; o < 8; ++o) {
        EXPECT_TRUE(std::isnan(c.output[o]));
        EXPECT_EQ(c.winners[o], position);
      }
    }
  }
}

TEST(FirstLayer, InferenceNeedsNoWinners) {
  for (const Isa isa : supported_isas()) {
    DirectCase c(pictures(20, 5, 2), {.relu = true, .pool = 2, .isa = isa}, 36);
    c.run();
    std::vector<float> output = DirectCase::nan(c.out.size());
    c.direct.forward(c.input, c.problem.filter.values(), c.bias, output, {});
    EXPECT_EQ(output, c.output);
  }
}

TEST(FirstLayer, WrongWinnersAreCaught) {
  const auto broken = [](std::uint8_t from, std::uint8_t to) {
    DirectCase c(pictures(8, 3, 1), {.relu = true, .pool = 2}, 37);
    EXPECT_TRUE(has_own_kernels(c));
    c.run();
    EXPECT_TRUE(judge_filter_gradient(c).passed());
    EXPECT_TRUE(judge_bias_gradient(c).passed());
    EXPECT_GT(std::ranges::count(c.winners, from), 0);
    std::vector<std::uint8_t> winners = c.winners;
    std::ranges::replace(winners, from, to);
    c.direct.backward_filter(c.input, c.output_gradient, winners,
                             c.filter_gradient, c.bias_gradient);
    EXPECT_FALSE(judge_filter_gradient(c).passed());
    return judge_bias_gradient(c);
  };
  EXPECT_TRUE(broken(1, 2).passed());  // transposed: the bias sees no places
  EXPECT_FALSE(broken(DirectConvolution::kNobody, 0).passed());
}

}  // namespace
