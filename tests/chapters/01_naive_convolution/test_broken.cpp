// A zoo of broken convolutions. Each has one mistake that people really make;
// the comparison that all tests use has to catch every one of them.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"

namespace {

using namespace cnn;

/// Where one product of the convolution reads. A mutant moves it.
struct Term {
  std::int64_t n, o, i, iy, ix, ky, kx;
};

/// The seven loops once more, with a place to put a mistake into: `mutate` may
/// change where a product reads, or drop it by returning false.
Tensor convolve(const RandomProblem& problem,
                const std::function<bool(Term&)>& mutate) {
  const ConvolutionGeometry& geometry = problem.geometry;
  const Shape in = geometry.input_shape();
  Tensor output(geometry.output_shape());
  const Shape out = output.shape();
  for (std::int64_t n = 0; n < out.batch; ++n)
    for (std::int64_t o = 0; o < out.channels; ++o)
      for (std::int64_t y = 0; y < out.height; ++y)
        for (std::int64_t x = 0; x < out.width; ++x)
          for (std::int64_t i = 0; i < in.channels; ++i)
            for (std::int64_t ky = 0; ky < geometry.kernel_height; ++ky)
              for (std::int64_t kx = 0; kx < geometry.kernel_width; ++kx) {
                Term term{n,
                          o,
                          i,
                          y * geometry.stride + ky - geometry.padding,
                          x * geometry.stride + kx - geometry.padding,
                          ky,
                          kx};
                if (!mutate(term)) continue;
                if (term.iy < 0 || term.iy >= in.height) continue;
                if (term.ix < 0 || term.ix >= in.width) continue;
                output(n, o, y, x) +=
                    problem.input(term.n, term.i, term.iy, term.ix) *
                    problem.filter(term.o, term.i, term.ky, term.kx);
              }
  return output;
}

// Square, so that a swapped index stays inside the arrays and can only be
// caught by its value; everything else is odd, and above 1.
const ConvolutionGeometry kGeometry{.batch = 2,
                                    .input_channels = 3,
                                    .input_height = 9,
                                    .input_width = 9,
                                    .output_channels = 4,
                                    .kernel_height = 3,
                                    .kernel_width = 3,
                                    .stride = 2,
                                    .padding = 2};

class BrokenConvolution : public testing::Test {
 protected:
  Comparison judge(const Tensor& output) const {
    return compare(output.values(), expected_, kGeometry.terms());
  }
  Comparison judge(const std::function<bool(Term&)>& mutate) const {
    return judge(convolve(problem_, mutate));
  }

  RandomProblem problem_{kGeometry, 5};
  ReferenceResult expected_ = reference_forward(
      kGeometry, problem_.input.values(), problem_.filter.values());
};

TEST_F(BrokenConvolution, TheUnbrokenOnePasses) {
  EXPECT_TRUE(judge([](Term&) { return true; }).passed());
}

TEST_F(BrokenConvolution, FlippedKernelIsCaught) {
  // A true convolution, where the field means cross-correlation.
  EXPECT_FALSE(judge([](Term& t) {
                 t.ky = 2 - t.ky;
                 t.kx = 2 - t.kx;
                 return true;
               }).passed());
}

TEST_F(BrokenConvolution, SwappedStridesAreCaught) {
  EXPECT_FALSE(judge([](Term& t) {
                 std::swap(t.iy, t.ix);
                 return true;
               }).passed());
  EXPECT_FALSE(judge([](Term& t) {
                 std::swap(t.ky, t.kx);
                 return true;
               }).passed());
}

TEST_F(BrokenConvolution, HaloOffByOneIsCaught) {
  EXPECT_FALSE(judge([](Term& t) {
                 ++t.iy;
                 return true;
               }).passed());
  // The border pixels left out: '<' where '<=' belongs.
  EXPECT_FALSE(judge([](Term& t) { return t.ix != 0; }).passed());
  EXPECT_FALSE(judge([](Term& t) { return t.iy != 8; }).passed());
}

TEST_F(BrokenConvolution, PaddingThatRepeatsTheBorderIsCaught) {
  EXPECT_FALSE(judge([](Term& t) {
                 t.iy = std::clamp<std::int64_t>(t.iy, 0, 8);
                 return true;
               }).passed());
}

TEST_F(BrokenConvolution, MissingChannelIsCaught) {
  EXPECT_FALSE(judge([](Term& t) { return t.i != 2; }).passed());
}

TEST_F(BrokenConvolution, WrongPictureOrFilterIsCaught) {
  EXPECT_FALSE(judge([](Term& t) {
                 t.n = 0;
                 return true;
               }).passed());
  EXPECT_FALSE(judge([](Term& t) {
                 t.o = std::max<std::int64_t>(t.o - 1, 0);
                 return true;
               }).passed());
}

TEST_F(BrokenConvolution, OneDroppedProductIsCaught) {
  EXPECT_FALSE(judge([](Term& t) {
                 return !(t.n == 1 && t.o == 3 && t.i == 2 && t.iy == 8 &&
                          t.ix == 8);
               }).passed());
}

TEST_F(BrokenConvolution, ZerosAreCaught) {
  EXPECT_FALSE(judge(Tensor(kGeometry.output_shape())).passed());
}

TEST_F(BrokenConvolution, OneNanOrInfinityIsCaught) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(),
                          std::numeric_limits<float>::infinity()}) {
    Tensor output = convolve(problem_, [](Term&) { return true; });
    output.values()[17] = bad;
    const Comparison outcome = judge(output);
    EXPECT_FALSE(outcome.passed());
    EXPECT_EQ(outcome.failures, 1);
    EXPECT_EQ(outcome.worst_element, 17);
  }
}

TEST_F(BrokenConvolution, GradientsWithAMistakeAreCaught) {
  const auto gradient = problem_.output_gradient.values();
  Tensor input_gradient(kGeometry.input_shape());
  ConvolutionGeometry wrong = kGeometry;
  wrong.padding = 1;
  wrong.input_height = wrong.input_width = 11;  // same output size
  Tensor wide(wrong.input_shape());
  convolution_backward_input(wrong, gradient, problem_.filter.values(),
                             wide.values());
  std::copy_n(wide.data(), input_gradient.size(), input_gradient.data());
  EXPECT_FALSE(compare(input_gradient.values(),
                       reference_backward_input(kGeometry, gradient,
                                                problem_.filter.values()),
                       backward_input_terms(kGeometry))
                   .passed());

  // Divided by the batch once too often: the mistake of a published report.
  Tensor filter_gradient(kGeometry.filter_shape());
  convolution_backward_filter(kGeometry, problem_.input.values(), gradient,
                              filter_gradient.values());
  const auto expected =
      reference_backward_filter(kGeometry, problem_.input.values(), gradient);
  const std::int64_t terms = backward_filter_terms(kGeometry);
  EXPECT_TRUE(compare(filter_gradient.values(), expected, terms).passed());
  for (float& value : filter_gradient.values()) value /= 2;
  EXPECT_FALSE(compare(filter_gradient.values(), expected, terms).passed());
}

}  // namespace
