// A zoo of broken variants of what this chapter computes. Each has one mistake
// that people really make; the comparison that all tests use has to catch it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/convolution_gemm.hpp"
#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/02_im2col_strided_views/overlap.hpp"
#include "chapters/02_im2col_strided_views/windows.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"

namespace {

using namespace cnn;

// Square, so that a swapped stride stays inside the memory and can only be
// caught by the values it leads to; everything else is odd, and above 1.
const ConvolutionGeometry kGeometry{.batch = 2,
                                    .input_channels = 3,
                                    .input_height = 9,
                                    .input_width = 9,
                                    .output_channels = 4,
                                    .kernel_height = 3,
                                    .kernel_width = 3,
                                    .stride = 2,
                                    .padding = 2};

using View = StridedView<const float>;

class BrokenIm2col : public testing::Test {
 protected:
  /// The convolution whose columns are read through this six-axis view.
  Comparison judge_view(const View& view) const {
    std::vector<float> columns(
        static_cast<std::size_t>(columns_size(kGeometry)));
    materialise(view.reordered({0, 1, 4, 5, 2, 3}), columns);
    return judge_columns(columns);
  }

  /// The convolution with these columns.
  Comparison judge_columns(const std::vector<float>& columns) const {
    Tensor output(kGeometry.output_shape());
    const std::int64_t terms = column_rows(kGeometry);
    const std::int64_t pixels = column_count(kGeometry);
    const auto filters = row_major(problem_.filter.values(), {4, terms});
    const auto all = row_major(std::span(columns), {2, terms, pixels});
    const auto outputs = row_major(output.values(), {2, 4, pixels});
    for (std::int64_t n = 0; n < 2; ++n) {
      multiply_add(filters, all.slice(n), outputs.slice(n));
    }
    return judge(output);
  }

  Comparison judge(const Tensor& output) const {
    return compare(output.values(), expected_, kGeometry.terms());
  }

  const RandomProblem problem_{kGeometry, 5};
  const ReferenceResult expected_ = reference_forward(
      kGeometry, problem_.input.values(), problem_.filter.values());
  const Tensor padded_ = pad(kGeometry, problem_.input.values());
  const View view_ = windows(kGeometry, padded_.values());
};

TEST_F(BrokenIm2col, TheUnbrokenOnePasses) {
  const Comparison outcome = judge_view(view_);
  EXPECT_TRUE(outcome.passed()) << describe(outcome);
}

TEST_F(BrokenIm2col, SwappedStridesAreCaught) {
  const Axes swapped_windows = permuted(view_.strides(), {0, 1, 3, 2, 4, 5});
  const Axes swapped_kernel = permuted(view_.strides(), {0, 1, 2, 3, 5, 4});
  const Axes inside_out = permuted(view_.strides(), {0, 1, 4, 5, 2, 3});
  for (const Axes& strides : {swapped_windows, swapped_kernel, inside_out}) {
    EXPECT_FALSE(
        judge_view(as_strided(padded_.values(), view_.shape(), strides))
            .passed());
  }
}

TEST_F(BrokenIm2col, ForgottenStrideIsCaught) {
  Axes strides = view_.strides();
  strides[3] = 1;
  EXPECT_FALSE(judge_view(as_strided(padded_.values(), view_.shape(), strides))
                   .passed());
}

TEST_F(BrokenIm2col, HaloOffByOneIsCaught) {
  // The image one pixel too far to the right in its padding.
  Tensor shifted(padded_shape(kGeometry));
  const Axes strides = row_major_strides(axes_of(shifted.shape()));
  copy(row_major(problem_.input.values(), axes_of(kGeometry.input_shape())),
       as_strided(shifted.values(), axes_of(kGeometry.input_shape()), strides,
                  2 * strides[2] + 3 * strides[3]));
  EXPECT_FALSE(
      judge_view(windows(kGeometry, std::as_const(shifted).values())).passed());
}

TEST_F(BrokenIm2col, PaddingThatIsNotZeroIsCaught) {
  Tensor dirty = padded_;
  dirty(1, 2, 12, 12) = 0.25F;
  EXPECT_FALSE(
      judge_view(windows(kGeometry, std::as_const(dirty).values())).passed());
}

TEST_F(BrokenIm2col, MissingChannelIsCaught) {
  std::vector<float> columns(static_cast<std::size_t>(columns_size(kGeometry)));
  im2col_loops(kGeometry, problem_.input.values(), columns);
  const auto channel =
      columns.size() / static_cast<std::size_t>(2 * kGeometry.input_channels);
  std::fill_n(columns.begin() + static_cast<std::ptrdiff_t>(2 * channel),
              channel, 0.0F);  // image 0, channel 2
  EXPECT_FALSE(judge_columns(columns).passed());
}

TEST_F(BrokenIm2col, TheSameImageTwiceIsCaught) {
  Axes strides = view_.strides();
  strides[0] = 0;
  EXPECT_FALSE(judge_view(as_strided(padded_.values(), view_.shape(), strides))
                   .passed());
}

TEST_F(BrokenIm2col, ZerosAreCaught) {
  EXPECT_FALSE(judge(Tensor(kGeometry.output_shape())).passed());
}

TEST_F(BrokenIm2col, OneNanIsCaught) {
  std::vector<float> columns(static_cast<std::size_t>(columns_size(kGeometry)));
  im2col_loops(kGeometry, problem_.input.values(), columns);
  columns[100] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(judge_columns(columns).passed());
}

TEST_F(BrokenIm2col, BatchResultLeftWithChannelsLastIsCaught) {
  BatchScratch scratch(kGeometry);
  Tensor output(kGeometry.output_shape());
  gemm_forward_batch(kGeometry, problem_.input.values(),
                     problem_.filter.values(), output.values(), scratch);
  EXPECT_TRUE(judge(output).passed());
  std::copy_n(scratch.result.data(), output.size(), output.data());
  EXPECT_FALSE(judge(output).passed());
}

class BrokenGradients : public testing::Test {
 protected:
  using Scatter = std::function<void(const ConvolutionGeometry&,
                                     std::span<const float>, std::span<float>)>;

  /// The input gradient whose last step, col2im, is done by `scatter`.
  Comparison judge_scatter(const Scatter& scatter) const {
    const std::int64_t terms = column_rows(kGeometry);
    const std::int64_t pixels = column_count(kGeometry);
    std::vector<float> columns(
        static_cast<std::size_t>(columns_size(kGeometry)));
    const auto filters = row_major(problem_.filter.values(), {4, terms});
    const auto gradients =
        row_major(problem_.output_gradient.values(), {2, 4, pixels});
    const auto all = row_major(std::span(columns), {2, terms, pixels});
    for (std::int64_t n = 0; n < 2; ++n) {
      multiply_add(filters.transposed(), gradients.slice(n), all.slice(n));
    }
    Tensor gradient(kGeometry.input_shape());
    scatter(kGeometry, columns, gradient.values());
    return compare(
        gradient.values(),
        reference_backward_input(kGeometry, problem_.output_gradient.values(),
                                 problem_.filter.values()),
        backward_input_terms(kGeometry));
  }

  Comparison judge_filter_gradient(const Tensor& gradient) const {
    return compare(gradient.values(),
                   reference_backward_filter(kGeometry, problem_.input.values(),
                                             problem_.output_gradient.values()),
                   backward_filter_terms(kGeometry));
  }

  const RandomProblem problem_{kGeometry, 6};
};

TEST_F(BrokenGradients, TheUnbrokenOnesPass) {
  EXPECT_TRUE(judge_scatter(col2im).passed());
  ImageScratch scratch(kGeometry);
  Tensor gradient(kGeometry.filter_shape());
  gemm_backward_filter(kGeometry, problem_.input.values(),
                       problem_.output_gradient.values(), gradient.values(),
                       scratch);
  EXPECT_TRUE(judge_filter_gradient(gradient).passed());
}

TEST_F(BrokenGradients, ContributionsLostToOverlapAreCaught) {
  EXPECT_FALSE(judge_scatter(col2im_through_view).passed());
}

TEST_F(BrokenGradients, ColumnsInAnotherOrderAreCaught) {
  EXPECT_FALSE(
      judge_scatter([](const ConvolutionGeometry& geometry,
                       std::span<const float> columns, std::span<float> image) {
        std::vector<float> turned(columns.size());
        materialise(row_major(columns, {2, column_rows(geometry),
                                        column_count(geometry)})
                        .reordered({0, 2, 1}),
                    turned);
        col2im(geometry, turned, image);
      }).passed());
}

TEST_F(BrokenGradients, PaddingCutOffAtTheWrongPlaceIsCaught) {
  EXPECT_FALSE(
      judge_scatter([](const ConvolutionGeometry& geometry,
                       std::span<const float> columns, std::span<float> image) {
        // Scatter onto the padded image, then crop one pixel off.
        ConvolutionGeometry whole = geometry;
        whole.input_height = whole.input_width = 13;
        whole.padding = 0;
        Tensor padded(whole.input_shape());
        col2im(whole, columns, padded.values());
        materialise(
            as_strided(std::as_const(padded).values(),
                       axes_of(geometry.input_shape()),
                       row_major_strides(axes_of(padded.shape())), 2 * 13 + 1),
            image);
      }).passed());
}

TEST_F(BrokenGradients, OnlyTheLastImagesFilterGradientIsCaught) {
  // The mistake of overwriting where the images have to add up.
  const ConvolutionGeometry one = one_image(kGeometry);
  const auto inputs = problem_.input.values();
  const auto gradients = problem_.output_gradient.values();
  ImageScratch scratch(one);
  Tensor gradient(kGeometry.filter_shape());
  gemm_backward_filter(one, inputs.last(inputs.size() / 2),
                       gradients.last(gradients.size() / 2), gradient.values(),
                       scratch);
  EXPECT_FALSE(judge_filter_gradient(gradient).passed());
}

TEST_F(BrokenGradients, ZerosAndNanAreCaught) {
  Tensor gradient(kGeometry.filter_shape());
  EXPECT_FALSE(judge_filter_gradient(gradient).passed());
  gradient.fill(std::numeric_limits<float>::quiet_NaN());
  EXPECT_FALSE(judge_filter_gradient(gradient).passed());
}

}  // namespace
