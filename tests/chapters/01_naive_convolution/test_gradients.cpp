// The gradients against finite differences, in float64. The loss is
// sum(output_gradient * output): linear in the input and in the filter, so a
// central difference is exact up to rounding, whatever the step.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"

namespace {

using namespace cnn;

double loss(const RandomProblem& problem, const Tensor& input,
            const Tensor& filter) {
  const auto output =
      reference_forward(problem.geometry, input.values(), filter.values());
  double sum = 0;
  for (std::size_t i = 0; i < output.value.size(); ++i) {
    sum += double{problem.output_gradient.values()[i]} * output.value[i];
  }
  return sum;
}

/// Central differences of the loss in every element of `variable`, which has
/// to be the very tensor that `evaluate` looks at.
template <class Evaluate>
std::vector<double> differences(Tensor& variable, Evaluate evaluate) {
  constexpr float kStep = 0.5F;  // exact in float32
  std::vector<double> gradient;
  for (float& element : variable.values()) {
    const float kept = element;
    element = kept + kStep;
    const double step_up = double{element} - kept;
    const double above = evaluate();
    element = kept - kStep;
    const double step_down = double{kept} - element;
    const double below = evaluate();
    element = kept;
    gradient.push_back((above - below) / (step_up + step_down));
  }
  return gradient;
}

void expect_near(const std::vector<double>& actual,
                 const std::vector<double>& expected,
                 const ConvolutionGeometry& geometry) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    ASSERT_TRUE(std::abs(actual[i] - expected[i]) <= 1e-10)
        << to_string(geometry) << ", element " << i << ": " << actual[i]
        << ", expected " << expected[i];
  }
}

std::vector<ConvolutionGeometry> small_geometries() {
  return {{1, 1, 4, 4, 1, 3, 3, 1, 0},
          {2, 3, 5, 4, 2, 3, 2, 1, 1},
          {1, 2, 7, 5, 3, 3, 3, 2, 2},
          {2, 1, 6, 6, 2, 2, 4, 3, 1},
          {1, 2, 3, 3, 2, 5, 5, 1, 2}};
}

TEST(Gradients, OfTheInputMatchFiniteDifferences) {
  for (const ConvolutionGeometry& geometry : small_geometries()) {
    RandomProblem problem(geometry, 21);
    const auto gradient = reference_backward_input(
        geometry, problem.output_gradient.values(), problem.filter.values());
    expect_near(
        gradient.value,
        differences(
            problem.input,
            [&] { return loss(problem, problem.input, problem.filter); }),
        geometry);
  }
}

TEST(Gradients, OfTheFilterMatchFiniteDifferences) {
  for (const ConvolutionGeometry& geometry : small_geometries()) {
    RandomProblem problem(geometry, 22);
    const auto gradient = reference_backward_filter(
        geometry, problem.input.values(), problem.output_gradient.values());
    expect_near(
        gradient.value,
        differences(
            problem.filter,
            [&] { return loss(problem, problem.input, problem.filter); }),
        geometry);
  }
}

}  // namespace
