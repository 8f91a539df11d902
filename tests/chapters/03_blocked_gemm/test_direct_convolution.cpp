#include "chapters/03_blocked_gemm/direct_convolution.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "common/errors.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"
#include "tests/chapters/03_blocked_gemm/direct_case.hpp"

namespace {

using namespace cnn;
using test::DirectCase;

void expect_all_right(DirectCase& c) {
  c.run();
  for (const Comparison& outcome :
       {judge_output(c), judge_input_gradient(c), judge_filter_gradient(c),
        judge_bias_gradient(c)}) {
    ASSERT_TRUE(outcome.passed()) << c.name() << ": " << describe(outcome);
  }
  ASSERT_EQ(test::dirty_gaps(c.out, c.output), 0) << c.name();
  ASSERT_EQ(test::dirty_gaps(c.in, c.input_gradient), 0) << c.name();
}

/// Odd and even tiles, one pixel and several in a vector, several groups of
/// vectors, everything above 1.
std::vector<ConvolutionGeometry> wide_geometries() {
  return {{2, 32, 13, 13, 64, 3, 3, 1, 0}, {2, 40, 14, 14, 60, 3, 3, 1, 1},
          {2, 1, 28, 28, 40, 3, 3, 1, 1},  {3, 3, 17, 19, 8, 5, 3, 2, 2},
          {2, 6, 9, 11, 83, 3, 2, 2, 1},   {2, 33, 5, 30, 1, 3, 5, 1, 2},
          {1, 2, 3, 3, 5, 1, 1, 1, 2},     {1, 1, 70, 75, 4, 3, 3, 1, 1},
          {1, 16, 18, 15, 33, 4, 3, 2, 2}, {2, 20, 9, 31, 17, 3, 5, 3, 4},
          {1, 24, 4, 10, 16, 2, 3, 1, 7},  {1, 16, 40, 33, 24, 3, 3, 1, 1}};
}

TEST(DirectConvolution, MatchesFloat64) {
  std::vector<ConvolutionGeometry> geometries = check_geometries();
  for (const auto& more :
       {wide_geometries(), test::random_geometries(80, 61)}) {
    geometries.insert(geometries.end(), more.begin(), more.end());
  }
  for (const Isa isa : supported_isas()) {
    for (const ConvolutionGeometry& geometry : geometries) {
      DirectCase c(geometry, {.isa = isa}, 1);
      EXPECT_FALSE(c.direct.has_winners());
      expect_all_right(c);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(DirectConvolution, FusedReluAndPoolingMatchFloat64) {
  std::vector<ConvolutionGeometry> geometries = check_geometries();
  for (const auto& more :
       {wide_geometries(), test::random_geometries(60, 62)}) {
    geometries.insert(geometries.end(), more.begin(), more.end());
  }
  for (const Isa isa : supported_isas()) {
    for (const ConvolutionGeometry& geometry : geometries) {
      for (std::int64_t pool = 1; pool <= 3; ++pool) {
        if (pool > geometry.output_height()) continue;
        if (pool > geometry.output_width()) continue;
        for (const bool relu : {false, true}) {
          DirectCase c(geometry, {.relu = relu, .pool = pool, .isa = isa}, 2);
          EXPECT_EQ(c.direct.has_winners(), relu || pool > 1);
          expect_all_right(c);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

// Winners have to fit the numbers that were really computed: a reference in
// float64 may see another one win where two are nearly equal.
TEST(DirectConvolution, WinnersAreWhereTheMaximumIs) {
  const ConvolutionGeometry geometry{2, 3, 12, 11, 7, 3, 3, 1, 1};
  for (const Isa isa : supported_isas()) {
    DirectCase sums(geometry, {.isa = isa}, 3);
    DirectCase c(geometry, {.relu = true, .pool = 3, .isa = isa}, 3);
    for (DirectCase* each : {&sums, &c}) {
      std::ranges::fill(each->bias, -5.0F);  // so that ReLU has work, too
      each->run();
    }
    int nobodies = 0;
    for (std::int64_t i = 0; i < c.out.size(); ++i) {
      const std::int64_t o = i % c.out.pixel;
      if (o >= c.out.channels) continue;
      const std::int64_t x = i / c.out.pixel % c.out.width;
      const std::int64_t y = i / c.out.pixel / c.out.width % c.out.height;
      const std::int64_t n = i / c.out.pixel / c.out.width / c.out.height;
      std::uint8_t first = 0;
      float best = -INFINITY;
      for (std::int64_t k = 0; k < 9; ++k) {
        const std::int64_t row = n * 12 + y * 3 + k / 3;
        const auto at = static_cast<std::size_t>(
            (row * 11 + x * 3 + k % 3) * sums.out.pixel + o);
        if (!(sums.output[at] > best)) continue;
        best = sums.output[at];
        first = static_cast<std::uint8_t>(k);
      }
      const auto at = static_cast<std::size_t>(i);
      ASSERT_EQ(c.output[at], std::max(best, 0.0F));
      if (best <= 0) first = DirectConvolution::kNobody;
      ASSERT_EQ(c.winners[at], first);
      if (best <= 0) ++nobodies;
    }
    EXPECT_GT(nobodies, 0);
  }
}

TEST(DirectConvolution, OfEqualsTheFirstWinsAndNothingIsNobody) {
  const ConvolutionGeometry geometry{1, 2, 4, 6, 3, 1, 1, 1, 0};
  for (const Isa isa : supported_isas()) {
    for (const float value : {1.0F, 0.0F, -1.0F}) {
      DirectConvolution direct(geometry, {.relu = true, .pool = 2, .isa = isa});
      const std::vector<float> input(
          static_cast<std::size_t>(direct.input_layout().size()), value);
      const std::vector<float> filter(6, 1.0F);
      std::vector<float> output(
          static_cast<std::size_t>(direct.output_layout().size()), NAN);
      std::vector<std::uint8_t> winners(output.size(), 77);
      direct.forward(input, filter, {}, output, winners);
      for (std::size_t i = 0; i < output.size(); ++i) {
        EXPECT_EQ(output[i], value > 0 ? 2 : 0);
        EXPECT_EQ(winners[i], value > 0 ? 0 : DirectConvolution::kNobody);
      }
    }
  }
}

TEST(DirectConvolution, WithoutReluNegativeMaximaSurvive) {
  DirectCase c({1, 1, 4, 4, 1, 1, 1, 1, 0}, {.pool = 2}, 4);
  std::ranges::fill(c.input, -1.0F);
  c.problem.filter.fill(1);
  c.bias[0] = -2;
  c.run();
  EXPECT_EQ(c.output, std::vector<float>(4, -3.0F));
  EXPECT_EQ(c.winners, std::vector<std::uint8_t>(4, 0));
}

TEST(DirectConvolution, InferenceNeedsNoWinnersAndNoBias) {
  for (const Isa isa : supported_isas()) {
    for (const std::int64_t pool : {1, 2}) {
      DirectCase c({2, 3, 9, 9, 20, 3, 3, 1, 1},
                   {.relu = true, .pool = pool, .isa = isa}, 5);
      std::ranges::fill(c.bias, 0.0F);
      c.run();
      std::vector<float> output = DirectCase::nan(c.out.size());
      c.direct.forward(c.input, c.problem.filter.values(), {}, output, {});
      EXPECT_EQ(output, c.output);
    }
  }
}

TEST(DirectConvolution, AnyNumberOfThreadsGivesTheSameBits) {
  for (const ConvolutionGeometry& geometry :
       {ConvolutionGeometry{5, 3, 15, 14, 21, 3, 3, 1, 1},
        ConvolutionGeometry{1, 1, 40, 33, 8, 5, 5, 2, 2},
        ConvolutionGeometry{40, 2, 5, 5, 3, 2, 2, 1, 0},
        ConvolutionGeometry{2, 96, 4, 4, 130, 3, 3, 1, 1}}) {
    for (const std::int64_t pool : {1, 2}) {
      DirectCase one(geometry, {.relu = pool > 1, .pool = pool}, 6);
      one.run();
      for (const int threads : {2, 3, 5}) {
        DirectCase many(
            geometry, {.relu = pool > 1, .pool = pool, .threads = threads}, 6);
        many.run();
        EXPECT_EQ(many.output, one.output) << many.name();
        EXPECT_EQ(many.winners, one.winners) << many.name();
        EXPECT_EQ(many.input_gradient, one.input_gradient) << many.name();
        EXPECT_EQ(many.filter_gradient, one.filter_gradient) << many.name();
        EXPECT_EQ(many.bias_gradient, one.bias_gradient) << many.name();
      }
    }
  }
}

// Scratch is used again and again: nothing may stay behind in it.
TEST(DirectConvolution, SecondRunGivesTheSameBits) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(20, 63)) {
    DirectCase c(geometry, {.relu = true}, 7);
    c.run();
    const std::vector<float> input = c.input;
    const auto input_gradient = c.input_gradient;
    const auto filter_gradient = c.filter_gradient;
    std::ranges::fill(c.input, NAN);
    c.run();
    c.input = input;
    c.run();
    EXPECT_EQ(c.input_gradient, input_gradient) << c.name();
    EXPECT_EQ(c.filter_gradient, filter_gradient) << c.name();
  }
}

TEST(DirectConvolution, NanComesThrough) {
  for (const Isa isa : supported_isas()) {
    DirectCase c({1, 2, 6, 6, 5, 3, 3, 1, 0},
                 {.relu = true, .pool = 2, .isa = isa}, 8);
    c.input[0] = NAN;
    c.run();
    EXPECT_FALSE(judge_output(c).passed());
    for (std::size_t o = 0; o < 5; ++o) EXPECT_TRUE(std::isnan(c.output[o]));
  }
}

TEST(DirectConvolution, ScratchIsSmallForTheCoursesShapes) {
  for (const ConvolutionGeometry& geometry :
       {ConvolutionGeometry{512, 40, 14, 14, 60, 3, 3, 1, 1},
        ConvolutionGeometry{64, 32, 13, 13, 64, 3, 3, 1, 0},
        ConvolutionGeometry{128, 64, 56, 56, 64, 3, 3, 1, 1},
        ConvolutionGeometry{128, 128, 28, 28, 128, 3, 3, 1, 1},
        ConvolutionGeometry{16, 256, 14, 14, 256, 3, 3, 1, 1}}) {
    for (const int threads : {1, 2, 16}) {
      const DirectConvolution direct(geometry, {.threads = threads});
      EXPECT_GT(direct.scratch_bytes(), 0);
      EXPECT_LE(direct.scratch_bytes(), threads * std::int64_t{4'000'000})
          << to_string(geometry) << ", " << threads << " threads";
    }
  }
}

TEST(DirectConvolution, RefusesWhatDoesNotExist) {
  const ConvolutionGeometry geometry{1, 1, 5, 5, 1, 3, 3, 1, 0};
  const auto make = [](const ConvolutionGeometry& sizes, std::int64_t pool) {
    return DirectConvolution(sizes, {.pool = pool});
  };
  EXPECT_NO_THROW(make(geometry, 3));
  EXPECT_THROW(make(geometry, 4), InputError);
  EXPECT_THROW(make(geometry, 0), InputError);
  EXPECT_THROW(make({1, 1, 40, 40, 1, 3, 3, 1, 0}, 16), InputError);
  EXPECT_THROW(make({1, 1, 5, 5, 1, 6, 3, 1, 0}, 1), InputError);
  EXPECT_THROW(make({1, 1, 5, 5, 0, 3, 3, 1, 0}, 1), InputError);
}

TEST(DirectConvolution, RefusesArraysOfOtherSizes) {
  DirectCase c({1, 2, 6, 6, 5, 3, 3, 1, 0}, {.relu = true, .pool = 2}, 9);
  const auto filter = std::as_const(c.problem.filter).values();
  const std::span<float> output(c.output);
  const std::span<std::uint8_t> winners(c.winners);
  EXPECT_THROW(c.direct.forward(std::span(c.input).first(1), filter, c.bias,
                                output, winners),
               std::invalid_argument);
  EXPECT_THROW(
      c.direct.forward(c.input, filter.first(1), c.bias, output, winners),
      std::invalid_argument);
  EXPECT_THROW(c.direct.forward(c.input, filter, std::span(c.bias).first(1),
                                output, winners),
               std::invalid_argument);
  EXPECT_THROW(
      c.direct.forward(c.input, filter, c.bias, output.first(1), winners),
      std::invalid_argument);
  EXPECT_THROW(
      c.direct.forward(c.input, filter, c.bias, output, winners.first(1)),
      std::invalid_argument);
  // The way back cannot do without winners.
  EXPECT_THROW(
      c.direct.backward_input(c.output_gradient, {}, filter, c.input_gradient),
      std::invalid_argument);
  EXPECT_THROW(c.direct.backward_filter(c.input, c.output_gradient, {},
                                        c.filter_gradient, c.bias_gradient),
               std::invalid_argument);
  EXPECT_THROW(c.direct.backward_filter(c.input, c.output_gradient, c.winners,
                                        std::span(c.filter_gradient).first(1),
                                        c.bias_gradient),
               std::invalid_argument);
}

}  // namespace
