#include "chapters/02_im2col_strided_views/overlap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "common/random.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"

namespace {

using namespace cnn;

// Numbers 0 to 35 added through the nine-element windows of a 4 x 4 array of
// zeros. The expected values are those of NumPy 1.24's `view += numbers`.
TEST(AddInOneGo, DoesWhatNumpyDoes) {
  std::vector<float> memory(16, 0);
  std::vector<float> addend(36);
  std::iota(addend.begin(), addend.end(), 0.0F);
  const auto view = as_strided(std::span(memory), {2, 2, 3, 3}, {4, 1, 4, 1});
  EXPECT_TRUE(view.may_overlap());
  add_in_one_go(view, addend);
  EXPECT_EQ(memory, (std::vector<float>{0, 9, 10, 11, 18, 27, 28, 29,  //
                                        21, 30, 31, 32, 24, 33, 34, 35}));
}

TEST(AddInOneGo, IsRightWhereNothingOverlaps) {
  std::vector<float> memory(16, 1);
  std::vector<float> addend(16);
  std::iota(addend.begin(), addend.end(), 0.0F);
  add_in_one_go(as_strided(std::span(memory), {2, 2, 2, 2}, {8, 2, 4, 1}),
                addend);
  EXPECT_EQ(std::accumulate(memory.begin(), memory.end(), 0.0F), 16 + 120);
}

TEST(Col2imThroughView, IsRightExactlyWhenWindowsDoNotOverlap) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(150, 71)) {
    std::vector<float> columns(
        static_cast<std::size_t>(columns_size(geometry)));
    Random(13, 0).fill_uniform(columns, 0.5F, 1);
    Tensor right(geometry.input_shape());
    Tensor wrong(geometry.input_shape());
    col2im(geometry, columns, right.values());
    col2im_through_view(geometry, columns, wrong.values());
    const bool equal =
        std::equal(right.data(), right.data() + right.size(), wrong.data());

    // Windows share a pixel of the image itself, not only of the padding.
    Tensor counts(geometry.input_shape());
    std::fill(columns.begin(), columns.end(), 1.0F);
    col2im(geometry, columns, counts.values());
    const bool shared =
        std::any_of(counts.data(), counts.data() + counts.size(),
                    [](float count) { return count > 1; });
    EXPECT_EQ(equal, !shared) << to_string(geometry);
  }
}

TEST(LostShare, IsWhatCountingSays) {
  // 4 x 4, kernel 3: 36 contributions for 16 pixels, one each survives.
  const ConvolutionGeometry small{.input_height = 4,
                                  .input_width = 4,
                                  .kernel_height = 3,
                                  .kernel_width = 3};
  EXPECT_DOUBLE_EQ(lost_share(small), 1 - 16.0 / 36.0);
  const ConvolutionGeometry tiled{.input_height = 6,
                                  .input_width = 6,
                                  .kernel_height = 2,
                                  .kernel_width = 2,
                                  .stride = 2};
  EXPECT_DOUBLE_EQ(lost_share(tiled), 0);
}

TEST(GradientDamage, MeasuresLengthAndDirection) {
  const std::vector<float> right{3, 4};
  const GradientDamage none = gradient_damage(right, right);
  EXPECT_DOUBLE_EQ(none.relative_error, 0);
  EXPECT_DOUBLE_EQ(none.cosine, 1);
  EXPECT_DOUBLE_EQ(none.length_ratio, 1);
  const GradientDamage turned =
      gradient_damage(right, std::vector<float>{-4, 3});
  EXPECT_DOUBLE_EQ(turned.cosine, 0);
  EXPECT_DOUBLE_EQ(turned.relative_error, std::sqrt(2.0));
  const GradientDamage halved =
      gradient_damage(right, std::vector<float>{1.5F, 2});
  EXPECT_DOUBLE_EQ(halved.cosine, 1);
  EXPECT_DOUBLE_EQ(halved.length_ratio, 0.5);
}

}  // namespace
