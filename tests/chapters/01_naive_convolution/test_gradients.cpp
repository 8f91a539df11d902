// The float64 references of the gradients against finite differences: what all
// later gradients are compared with has to be right itself.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/chapters/01_naive_convolution/finite_differences.hpp"

namespace {

using namespace cnn;
using test::differences;
using test::small_geometries;

void expect_near(const std::vector<double>& actual,
                 const std::vector<double>& expected,
                 const ConvolutionGeometry& geometry) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    // Both are float64; a few hundred terms of size 1 round by 1e-13 or so.
    ASSERT_TRUE(std::abs(actual[i] - expected[i]) <= 1e-10)
        << to_string(geometry) << ", element " << i << ": " << actual[i]
        << ", expected " << expected[i];
  }
}

TEST(Gradients, OfTheInputMatchFiniteDifferences) {
  for (const ConvolutionGeometry& geometry : small_geometries()) {
    RandomProblem problem(geometry, 21);
    const auto gradient = reference_backward_input(
        geometry, problem.output_gradient.values(), problem.filter.values());
    expect_near(gradient.value, differences(problem.input, problem), geometry);
  }
}

TEST(Gradients, OfTheFilterMatchFiniteDifferences) {
  for (const ConvolutionGeometry& geometry : small_geometries()) {
    RandomProblem problem(geometry, 22);
    const auto gradient = reference_backward_filter(
        geometry, problem.input.values(), problem.output_gradient.values());
    expect_near(gradient.value, differences(problem.filter, problem), geometry);
  }
}

}  // namespace
