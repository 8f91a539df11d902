// Both gradients against finite differences. The loss is
// sum(output_gradient * output), with the output computed in float64; it is
// linear in the input and in the filters, so a central difference is exact but
// for float64's rounding, and what is left is the float32 error of this
// chapter's gradients, for which there is a bound.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/convolution_gemm.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"

namespace {

using namespace cnn;

double loss(const RandomProblem& problem) {
  const auto output = reference_forward(
      problem.geometry, problem.input.values(), problem.filter.values());
  double sum = 0;
  for (std::size_t i = 0; i < output.value.size(); ++i) {
    sum += double{problem.output_gradient.values()[i]} * output.value[i];
  }
  return sum;
}

std::vector<double> differences(Tensor& variable,
                                const RandomProblem& problem) {
  constexpr float kStep = 0.5F;
  std::vector<double> gradient;
  for (float& element : variable.values()) {
    const float kept = element;
    element = kept + kStep;
    const double up = double{element} - kept;
    const double above = loss(problem);
    element = kept - kStep;
    const double down = double{kept} - element;
    const double below = loss(problem);
    element = kept;
    gradient.push_back((above - below) / (up + down));
  }
  return gradient;
}

std::vector<ConvolutionGeometry> small_geometries() {
  return {{1, 1, 4, 4, 1, 3, 3, 1, 0},
          {2, 3, 5, 4, 2, 3, 2, 1, 1},
          {1, 2, 7, 5, 3, 3, 3, 2, 2},
          {2, 1, 6, 6, 2, 2, 4, 3, 1},
          {1, 2, 3, 3, 2, 5, 5, 1, 2}};
}

TEST(GemmGradients, OfTheInputMatchFiniteDifferences) {
  for (const ConvolutionGeometry& geometry : small_geometries()) {
    RandomProblem p(geometry, 61);
    ImageScratch scratch(geometry);
    Tensor gradient(geometry.input_shape());
    gemm_backward_input(geometry, p.output_gradient.values(), p.filter.values(),
                        gradient.values(), scratch);
    const auto magnitude =
        reference_backward_input(geometry, p.output_gradient.values(),
                                 p.filter.values())
            .magnitude;
    const auto expected = differences(p.input, p);
    // One term more pays for the rounding of the difference itself.
    const auto outcome = compare(gradient.values(), {expected, magnitude},
                                 backward_input_terms(geometry) + 1);
    // Pixels that no window touches have gradient 0, and so has their bound:
    // a difference of two equal losses is exactly 0.
    EXPECT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);
  }
}

TEST(GemmGradients, OfTheFiltersMatchFiniteDifferences) {
  for (const ConvolutionGeometry& geometry : small_geometries()) {
    RandomProblem p(geometry, 62);
    ImageScratch scratch(geometry);
    Tensor gradient(geometry.filter_shape());
    gemm_backward_filter(geometry, p.input.values(), p.output_gradient.values(),
                         gradient.values(), scratch);
    const auto magnitude = reference_backward_filter(geometry, p.input.values(),
                                                     p.output_gradient.values())
                               .magnitude;
    const auto expected = differences(p.filter, p);
    const auto outcome = compare(gradient.values(), {expected, magnitude},
                                 backward_filter_terms(geometry) + 1);
    EXPECT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);
  }
}

}  // namespace
