#include "chapters/02_im2col_strided_views/convolution_gemm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"

namespace {

using namespace cnn;

class ConvolutionGemm : public testing::Test {
 protected:
  std::vector<ConvolutionGeometry> geometries_ =
      test::random_geometries(120, 51);
};

TEST_F(ConvolutionGemm, ForwardImageByImageMatchesFloat64) {
  for (const ConvolutionGeometry& geometry : geometries_) {
    const RandomProblem p(geometry, 7);
    ImageScratch scratch(geometry);
    Tensor output(geometry.output_shape());
    output.fill(NAN);
    gemm_forward(geometry, p.input.values(), p.filter.values(), output.values(),
                 scratch);
    const auto outcome = compare(
        output.values(),
        reference_forward(geometry, p.input.values(), p.filter.values()),
        geometry.terms());
    ASSERT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);
  }
}

TEST_F(ConvolutionGemm, ForwardWholeBatchMatchesFloat64) {
  for (const ConvolutionGeometry& geometry : geometries_) {
    const RandomProblem p(geometry, 8);
    BatchScratch scratch(geometry);
    Tensor output(geometry.output_shape());
    output.fill(NAN);
    gemm_forward_batch(geometry, p.input.values(), p.filter.values(),
                       output.values(), scratch);
    const auto outcome = compare(
        output.values(),
        reference_forward(geometry, p.input.values(), p.filter.values()),
        geometry.terms());
    ASSERT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);
  }
}

TEST_F(ConvolutionGemm, InputGradientMatchesFloat64) {
  for (const ConvolutionGeometry& geometry : geometries_) {
    const RandomProblem p(geometry, 9);
    ImageScratch scratch(geometry);
    Tensor gradient(geometry.input_shape());
    gradient.fill(NAN);
    gemm_backward_input(geometry, p.output_gradient.values(), p.filter.values(),
                        gradient.values(), scratch);
    const auto outcome =
        compare(gradient.values(),
                reference_backward_input(geometry, p.output_gradient.values(),
                                         p.filter.values()),
                backward_input_terms(geometry));
    ASSERT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);
  }
}

TEST_F(ConvolutionGemm, FilterGradientMatchesFloat64) {
  for (const ConvolutionGeometry& geometry : geometries_) {
    const RandomProblem p(geometry, 10);
    ImageScratch scratch(geometry);
    Tensor gradient(geometry.filter_shape());
    gradient.fill(NAN);
    gemm_backward_filter(geometry, p.input.values(), p.output_gradient.values(),
                         gradient.values(), scratch);
    const auto outcome =
        compare(gradient.values(),
                reference_backward_filter(geometry, p.input.values(),
                                          p.output_gradient.values()),
                backward_filter_terms(geometry));
    ASSERT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);
  }
}

// Scratch memory is made once and used again: nothing may stay behind in it.
TEST_F(ConvolutionGemm, ScratchCanBeUsedAgain) {
  const ConvolutionGeometry geometry{.batch = 2,
                                     .input_channels = 3,
                                     .input_height = 7,
                                     .input_width = 6,
                                     .output_channels = 4,
                                     .kernel_height = 3,
                                     .kernel_width = 3,
                                     .stride = 2,
                                     .padding = 2};
  const RandomProblem first(geometry, 1);
  const RandomProblem second(geometry, 2);
  ImageScratch used(geometry);
  BatchScratch used_batch(geometry);
  Tensor output(geometry.output_shape());
  Tensor input_gradient(geometry.input_shape());
  Tensor filter_gradient(geometry.filter_shape());
  const auto run_all = [&](const RandomProblem& p, ImageScratch& scratch,
                           BatchScratch& batch) {
    std::vector<float> all;
    const auto keep = [&](const Tensor& tensor) {
      all.insert(all.end(), tensor.data(), tensor.data() + tensor.size());
    };
    gemm_forward(geometry, p.input.values(), p.filter.values(), output.values(),
                 scratch);
    keep(output);
    gemm_forward_batch(geometry, p.input.values(), p.filter.values(),
                       output.values(), batch);
    keep(output);
    gemm_backward_input(geometry, p.output_gradient.values(), p.filter.values(),
                        input_gradient.values(), scratch);
    keep(input_gradient);
    gemm_backward_filter(geometry, p.input.values(), p.output_gradient.values(),
                         filter_gradient.values(), scratch);
    keep(filter_gradient);
    return all;
  };
  run_all(first, used, used_batch);
  ImageScratch fresh(geometry);
  BatchScratch fresh_batch(geometry);
  EXPECT_EQ(run_all(second, used, used_batch),
            run_all(second, fresh, fresh_batch));
}

TEST_F(ConvolutionGemm, CallsTheProductItIsGiven) {
  const ConvolutionGeometry geometry{.batch = 3,
                                     .input_channels = 2,
                                     .input_height = 4,
                                     .input_width = 4,
                                     .output_channels = 5,
                                     .kernel_height = 3,
                                     .kernel_width = 3};
  const RandomProblem p(geometry, 11);
  int calls = 0;
  const MatrixProduct counting = [&](const auto& a, const auto& b,
                                     const auto& c) {
    ++calls;
    multiply_add(a, b, c);
  };
  ImageScratch scratch(geometry);
  BatchScratch batch(geometry);
  Tensor output(geometry.output_shape());
  gemm_forward(geometry, p.input.values(), p.filter.values(), output.values(),
               scratch, counting);
  EXPECT_EQ(calls, 3);
  gemm_forward_batch(geometry, p.input.values(), p.filter.values(),
                     output.values(), batch, counting);
  EXPECT_EQ(calls, 4);
}

}  // namespace
