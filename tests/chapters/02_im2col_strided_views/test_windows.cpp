#include "chapters/02_im2col_strided_views/windows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "chapters/01_naive_convolution/problem.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"

namespace {

using namespace cnn;

TEST(Pad, PutsZerosAroundEachImage) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(40, 31)) {
    const RandomProblem problem(geometry, 1);
    const Tensor padded = pad(geometry, problem.input.values());
    const Shape shape = padded.shape();
    const std::int64_t padding = geometry.padding;
    for (std::int64_t n = 0; n < shape.batch; ++n)
      for (std::int64_t c = 0; c < shape.channels; ++c)
        for (std::int64_t y = 0; y < shape.height; ++y)
          for (std::int64_t x = 0; x < shape.width; ++x) {
            const std::int64_t iy = y - padding;
            const std::int64_t ix = x - padding;
            const bool inside = iy >= 0 && iy < geometry.input_height &&
                                ix >= 0 && ix < geometry.input_width;
            ASSERT_EQ(padded(n, c, y, x),
                      inside ? problem.input(n, c, iy, ix) : 0.0F)
                << to_string(geometry);
          }
  }
}

TEST(Windows, ShowThePixelThatEachWeightMeets) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(40, 32)) {
    const RandomProblem problem(geometry, 2);
    const Tensor padded = pad(geometry, problem.input.values());
    const auto view = windows(geometry, padded.values());
    EXPECT_EQ(view.rank(), 6);
    for (std::int64_t oy = 0; oy < geometry.output_height(); ++oy)
      for (std::int64_t ox = 0; ox < geometry.output_width(); ++ox)
        for (std::int64_t ky = 0; ky < geometry.kernel_height; ++ky)
          for (std::int64_t kx = 0; kx < geometry.kernel_width; ++kx) {
            const std::int64_t n = geometry.batch - 1;
            const std::int64_t c = geometry.input_channels - 1;
            ASSERT_EQ(&view({n, c, oy, ox, ky, kx}),
                      padded.data() + offset(padded.shape(), n, c,
                                             oy * geometry.stride + ky,
                                             ox * geometry.stride + kx))
                << to_string(geometry);
          }
  }
}

TEST(Windows, OverlapWhenTheStrideIsBelowTheKernel) {
  const auto overlap = [](std::int64_t kernel, std::int64_t stride) {
    const ConvolutionGeometry geometry{.batch = 2,
                                       .input_channels = 3,
                                       .input_height = 12,
                                       .input_width = 11,
                                       .kernel_height = kernel,
                                       .kernel_width = kernel,
                                       .stride = stride};
    return strides_may_overlap(window_shape(geometry),
                               window_strides(geometry));
  };
  EXPECT_FALSE(overlap(1, 1));
  EXPECT_TRUE(overlap(2, 1));
  EXPECT_FALSE(overlap(2, 2));
  EXPECT_TRUE(overlap(3, 2));
  EXPECT_FALSE(overlap(3, 3));
  EXPECT_FALSE(overlap(2, 3));
}

TEST(Windows, RefuseAnImageOfAnotherSize) {
  const ConvolutionGeometry geometry{.input_height = 5,
                                     .input_width = 5,
                                     .kernel_height = 3,
                                     .kernel_width = 3,
                                     .padding = 1};
  const Tensor not_padded(geometry.input_shape());
  EXPECT_THROW(windows(geometry, not_padded.values()), std::out_of_range);
  EXPECT_THROW(pad(geometry, not_padded.values().first(24)), std::out_of_range);
}

TEST(Interior, IsTheImageInsideItsPadding) {
  const ConvolutionGeometry geometry{.batch = 2,
                                     .input_channels = 3,
                                     .input_height = 4,
                                     .input_width = 5,
                                     .padding = 2};
  Tensor padded(padded_shape(geometry));
  const auto inside = interior(geometry, padded.values());
  EXPECT_EQ(inside.shape(), (Axes{2, 3, 4, 5}));
  EXPECT_EQ(&inside({1, 2, 3, 4}), &padded(1, 2, 5, 6));
  EXPECT_FALSE(inside.may_overlap());
}

}  // namespace
