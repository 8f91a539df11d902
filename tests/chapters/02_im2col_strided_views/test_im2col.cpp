#include "chapters/02_im2col_strided_views/im2col.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/02_im2col_strided_views/windows.hpp"
#include "common/error_bound.hpp"
#include "common/random.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"

namespace {

using namespace cnn;

std::vector<float> columns_for(const ConvolutionGeometry& geometry,
                               float value) {
  return std::vector<float>(static_cast<std::size_t>(columns_size(geometry)),
                            value);
}

TEST(Im2col, OfAThreeByThreeImageByHand) {
  const ConvolutionGeometry geometry{.input_height = 3,
                                     .input_width = 3,
                                     .kernel_height = 2,
                                     .kernel_width = 2};
  const std::vector<float> image{1, 2, 3, 4, 5, 6, 7, 8, 9};
  std::vector<float> columns = columns_for(geometry, -1);
  im2col_loops(geometry, image, columns);
  EXPECT_EQ(columns, (std::vector<float>{1, 2, 4, 5,     // weight (0, 0)
                                         2, 3, 5, 6,     // weight (0, 1)
                                         4, 5, 7, 8,     // weight (1, 0)
                                         5, 6, 8, 9}));  // weight (1, 1)
}

TEST(Im2col, ByLoopsAndByViewAgreeBitForBit) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(150, 41)) {
    const RandomProblem problem(geometry, 3);
    std::vector<float> by_loops = columns_for(geometry, NAN);
    std::vector<float> by_view = columns_for(geometry, NAN);
    im2col_loops(geometry, problem.input.values(), by_loops);
    im2col_view(geometry, pad(geometry, problem.input.values()).values(),
                by_view);
    ASSERT_EQ(by_loops, by_view) << to_string(geometry);
  }
}

TEST(Im2row, IsTheTransposeOfAllImagesSideBySide) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(60, 42)) {
    const RandomProblem problem(geometry, 4);
    std::vector<float> columns = columns_for(geometry, NAN);
    std::vector<float> rows = columns_for(geometry, NAN);
    im2col_loops(geometry, problem.input.values(), columns);
    im2row_view(geometry, pad(geometry, problem.input.values()).values(), rows);
    const std::int64_t terms = column_rows(geometry);
    const std::int64_t pixels = column_count(geometry);
    const auto all =
        row_major(std::span(columns), {geometry.batch, terms, pixels});
    std::vector<float> expected = columns_for(geometry, NAN);
    materialise(all.reordered({0, 2, 1}), expected);
    ASSERT_EQ(rows, expected) << to_string(geometry);
  }
}

// <im2col x, y> = <x, col2im y>, to within the rounding of col2im's sums.
TEST(Col2im, IsTheAdjointOfIm2col) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(150, 43)) {
    const RandomProblem problem(geometry, 5);
    const auto x = problem.input.values();
    std::vector<float> columns = columns_for(geometry, NAN);
    std::vector<float> y = columns_for(geometry, 0);
    Random(5, 3).fill_uniform(y, -1, 1);
    Tensor back(geometry.input_shape());
    back.fill(NAN);
    im2col_loops(geometry, x, columns);
    col2im(geometry, y, back.values());

    double left = 0;
    double magnitude = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      left += double{columns[i]} * y[i];
      magnitude += std::abs(double{columns[i]} * y[i]);
    }
    double right = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      right += double{x[i]} * back.values()[i];
    }
    const double bound =
        gamma_bound(geometry.kernel_height * geometry.kernel_width) *
            magnitude +
        1e-12 * magnitude;
    ASSERT_TRUE(std::abs(left - right) <= bound)
        << to_string(geometry) << ": " << left << " and " << right;
  }
}

TEST(Col2im, OfOnesCountsTheWindowsOverEachPixel) {
  const ConvolutionGeometry geometry{.input_height = 4,
                                     .input_width = 4,
                                     .kernel_height = 3,
                                     .kernel_width = 3};
  Tensor counts(geometry.input_shape());
  col2im(geometry, columns_for(geometry, 1), counts.values());
  const std::vector<float> expected{1, 2, 2, 1, 2, 4, 4, 2,
                                    2, 4, 4, 2, 1, 2, 2, 1};
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), counts.data()));
}

TEST(Col2im, UndoesIm2colWhereWindowsTile) {
  const ConvolutionGeometry geometry{.batch = 2,
                                     .input_channels = 3,
                                     .input_height = 6,
                                     .input_width = 9,
                                     .kernel_height = 3,
                                     .kernel_width = 3,
                                     .stride = 3};
  const RandomProblem problem(geometry, 6);
  std::vector<float> columns = columns_for(geometry, NAN);
  Tensor back(geometry.input_shape());
  im2col_loops(geometry, problem.input.values(), columns);
  col2im(geometry, columns, back.values());
  EXPECT_TRUE(
      std::equal(back.data(), back.data() + back.size(), problem.input.data()));
}

TEST(Im2colWork, CountsEveryNumberOnce) {
  const ConvolutionGeometry geometry{.batch = 32,
                                     .input_channels = 3,
                                     .input_height = 224,
                                     .input_width = 224,
                                     .kernel_height = 3,
                                     .kernel_width = 3,
                                     .padding = 1};
  EXPECT_EQ(columns_size(geometry), 43352064);
  EXPECT_DOUBLE_EQ(blow_up(geometry), 9);
  EXPECT_DOUBLE_EQ(im2col_work(geometry).bytes, 183.75 * (1 << 20));
  EXPECT_EQ(im2col_work(geometry).flop, 0);
}

}  // namespace
