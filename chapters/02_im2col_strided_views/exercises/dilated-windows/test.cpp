#include <gtest/gtest.h>

#include <span>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

TEST(DilatedWindows, WithDilationOneAreTheUsualOnes) {
  const ConvolutionGeometry geometry{2, 3, 7, 9, 1, 3, 2, 2, 1};
  const Tensor padded(padded_shape(geometry));
  const auto view = dilated_windows(geometry, 1, padded.values());
  EXPECT_EQ(to_string(view.shape()), to_string(window_shape(geometry)));
  EXPECT_EQ(to_string(view.strides()), to_string(window_strides(geometry)));
}

TEST(DilatedWindows, LookPastTheirNeighbours) {
  const ConvolutionGeometry geometry{.input_height = 5,
                                     .input_width = 5,
                                     .kernel_height = 3,
                                     .kernel_width = 3};
  const Tensor padded(padded_shape(geometry));
  const auto view = dilated_windows(geometry, 2, padded.values());
  ASSERT_EQ(to_string(view.shape()), to_string(Axes{1, 1, 1, 1, 3, 3}))
      << "a 5 x 5 image has room for one such window";
  EXPECT_EQ(&view({0, 0, 0, 0, 1, 1}), padded.data() + 12);
  EXPECT_EQ(&view({0, 0, 0, 0, 2, 0}), padded.data() + 20);
}

// A dilated kernel is a larger kernel with zeros in between.
TEST(DilatedWindows, GiveTheConvolutionWithAKernelFullOfHoles) {
  for (const std::int64_t dilation : {1, 2, 3}) {
    const ConvolutionGeometry small{2, 3, 11, 9, 4, 3, 2, 2, 2};
    ConvolutionGeometry large = small;
    large.kernel_height = dilation * 2 + 1;
    large.kernel_width = dilation * 1 + 1;
    RandomProblem problem(large, 17);
    const Shape holes = large.filter_shape();
    for (std::int64_t o = 0; o < holes.batch; ++o)
      for (std::int64_t c = 0; c < holes.channels; ++c)
        for (std::int64_t y = 0; y < holes.height; ++y)
          for (std::int64_t x = 0; x < holes.width; ++x)
            if (y % dilation != 0 || x % dilation != 0)
              problem.filter(o, c, y, x) = 0;
    std::vector<float> filter;  // without the holes
    for (std::int64_t o = 0; o < holes.batch; ++o)
      for (std::int64_t c = 0; c < holes.channels; ++c)
        for (std::int64_t y = 0; y < holes.height; y += dilation)
          for (std::int64_t x = 0; x < holes.width; x += dilation)
            filter.push_back(problem.filter(o, c, y, x));

    const Tensor padded = pad(small, problem.input.values());
    const auto view = dilated_windows(small, dilation, padded.values());
    const std::int64_t pixels = large.output_height() * large.output_width();
    ASSERT_EQ(view.shape()[2], large.output_height())
        << "dilation " << dilation;
    ASSERT_EQ(view.shape()[3], large.output_width()) << "dilation " << dilation;
    std::vector<float> columns(static_cast<std::size_t>(view.size()));
    materialise(view.reordered({0, 1, 4, 5, 2, 3}), columns);

    Tensor output(large.output_shape());
    const auto filters =
        row_major(std::span<const float>(filter), {4, small.terms()});
    const auto all = row_major(std::span<const float>(columns),
                               {small.batch, small.terms(), pixels});
    const auto outputs = row_major(output.values(), {small.batch, 4, pixels});
    for (std::int64_t n = 0; n < small.batch; ++n) {
      multiply_add(filters, all.slice(n), outputs.slice(n));
    }
    const auto outcome =
        compare(output.values(),
                reference_forward(large, problem.input.values(),
                                  problem.filter.values()),
                small.terms());
    EXPECT_TRUE(outcome.passed())
        << "dilation " << dilation << ": " << describe(outcome);
  }
}

}  // namespace
