#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

TEST(AveragePool, OfAFourByFourImage) {
  const ConvolutionGeometry geometry{.input_height = 4,
                                     .input_width = 4,
                                     .kernel_height = 2,
                                     .kernel_width = 2,
                                     .stride = 2};
  const std::vector<float> image{1, 3, 5, 7,  //
                                 1, 3, 5, 7,  //
                                 0, 0, 8, 0,  //
                                 0, 4, 0, 0};
  std::vector<float> means(4, -1);
  average_pool(geometry, image, means);
  EXPECT_EQ(means, (std::vector<float>{2, 6, 1, 2}));
}

// Pooling is a convolution of each channel with a kernel of equal weights.
TEST(AveragePool, IsABoxFilterOnEachChannel) {
  for (const ConvolutionGeometry& geometry : check_geometries()) {
    const RandomProblem problem(geometry, 19);
    const Tensor padded = pad(geometry, problem.input.values());
    const Shape in = geometry.input_shape();
    Tensor means({in.batch, in.channels, geometry.output_height(),
                  geometry.output_width()});
    means.fill(NAN);
    average_pool(geometry, padded.values(), means.values());

    // Every channel of every image as an image of its own.
    ConvolutionGeometry single = geometry;
    single.batch = in.batch * in.channels;
    single.input_channels = 1;
    single.output_channels = 1;
    Tensor box(single.filter_shape());
    box.fill(1);
    auto sums = reference_forward(single, problem.input.values(), box.values());
    const auto area = static_cast<double>(single.terms());
    for (double& value : sums.value) value /= area;
    for (double& value : sums.magnitude) value /= area;
    const auto outcome = compare(means.values(), sums, single.terms() + 1);
    EXPECT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);
  }
}

}  // namespace
