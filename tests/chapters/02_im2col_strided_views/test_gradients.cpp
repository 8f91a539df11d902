// Both gradients against finite differences. Those are exact but for float64's
// rounding; what is left is the float32 error of this chapter's gradients, for
// which there is a bound.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "chapters/02_im2col_strided_views/convolution_gemm.hpp"
#include "tests/chapters/01_naive_convolution/finite_differences.hpp"

namespace {

using namespace cnn;

using test::differences;
using test::small_geometries;

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
