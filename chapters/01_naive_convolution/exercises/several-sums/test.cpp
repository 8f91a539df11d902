#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "common/random.hpp"
#include "common/tensor.hpp"
#include "common/timing.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

struct Problem {
  ConvolutionGeometry geometry;
  Tensor input{geometry.input_shape()};
  Tensor filter{geometry.filter_shape()};
  Tensor output{geometry.output_shape()};

  explicit Problem(const ConvolutionGeometry& sizes) : geometry(sizes) {
    Random(5, 0).fill_uniform(input.values(), -1, 1);
    Random(5, 1).fill_uniform(filter.values(), -1, 1);
    output.fill(NAN);
  }
};

void expect_right(const ConvolutionGeometry& geometry) {
  Problem problem(geometry);
  convolution_eight_outputs(geometry, problem.input.values(),
                            problem.filter.values(), problem.output.values());
  const auto outcome =
      compare(problem.output.values(),
              reference_forward(geometry, problem.input.values(),
                                problem.filter.values()),
              geometry.terms());
  EXPECT_TRUE(outcome.passed())
      << to_string(geometry) << ": " << describe(outcome);
}

TEST(EightOutputs, RowsOfEight) {
  expect_right({2, 3, 6, 10, 4, 3, 3, 1, 0});
}

TEST(EightOutputs, RaggedRows) {
  for (const std::int64_t width : {3, 7, 9, 13, 18, 27}) {
    expect_right({1, 2, 5, width, 3, 3, 3, 1, 0});
  }
}

TEST(EightOutputs, StrideAndPadding) {
  expect_right({2, 3, 9, 21, 2, 3, 5, 2, 2});
  expect_right({1, 2, 7, 40, 3, 5, 3, 3, 1});
  expect_right({1, 1, 4, 4, 1, 7, 7, 1, 3});
}

TEST(EightOutputs, SaysHowMuchFasterItIs) {
  Problem problem({4, 16, 26, 26, 16, 3, 3, 1, 0});
  const auto time_of = [&](auto convolution) {
    return time_repeated([&] {
             convolution(problem.geometry, problem.input.values(),
                         problem.filter.values(), problem.output.values());
             keep(problem.output.data());
           })
        .minimum_s;
  };
  const double definition = time_of(convolution_forward);
  const double eight = time_of(convolution_eight_outputs);
  std::printf("%.1f times as fast as the definition\n", definition / eight);
  // No race to be lost: an instrumented build may be slow. But no work at all
  // would be infinitely fast, so there has to be a result.
  EXPECT_TRUE(std::isfinite(problem.output.values().back()));
  EXPECT_NE(problem.output.values().back(), 0.0F);
}

}  // namespace
