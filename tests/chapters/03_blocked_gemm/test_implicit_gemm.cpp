#include "chapters/03_blocked_gemm/implicit_gemm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "common/errors.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"

namespace {

using namespace cnn;

std::vector<ConvolutionGeometry> geometries() {
  std::vector<ConvolutionGeometry> all = check_geometries();
  for (const auto& geometry : test::random_geometries(60, 71))
    all.push_back(geometry);
  // More than one block of terms and of tiles, in each direction.
  all.push_back({.batch = 2,
                 .input_channels = 35,
                 .input_height = 13,
                 .input_width = 11,
                 .output_channels = 37,
                 .kernel_height = 3,
                 .kernel_width = 5,
                 .stride = 1,
                 .padding = 1});
  return all;
}

class ImplicitGemm : public testing::TestWithParam<Isa> {};

TEST_P(ImplicitGemm, ForwardMatchesFloat64) {
  GemmScratch scratch(3);
  for (const ConvolutionGeometry& geometry : geometries()) {
    const RandomProblem p(geometry, 7);
    const auto expected =
        reference_forward(geometry, p.input.values(), p.filter.values());
    for (const int threads : {1, 3}) {
      Tensor output(geometry.output_shape());
      output.fill(NAN);
      implicit_forward(geometry, p.input.values(), p.filter.values(),
                       output.values(), {.threads = threads, .isa = GetParam()},
                       scratch);
      const auto outcome = compare(output.values(), expected, geometry.terms());
      ASSERT_TRUE(outcome.passed())
          << to_string(geometry) << ": " << describe(outcome);
    }
  }
}

TEST_P(ImplicitGemm, InputGradientMatchesFloat64) {
  GemmScratch scratch(3);
  for (const ConvolutionGeometry& geometry : geometries()) {
    const RandomProblem p(geometry, 8);
    const auto expected = reference_backward_input(
        geometry, p.output_gradient.values(), p.filter.values());
    for (const int threads : {1, 3}) {
      Tensor gradient(geometry.input_shape());
      gradient.fill(NAN);
      implicit_backward_input(geometry, p.output_gradient.values(),
                              p.filter.values(), gradient.values(),
                              {.threads = threads, .isa = GetParam()}, scratch);
      const auto outcome =
          compare(gradient.values(), expected, backward_input_terms(geometry));
      ASSERT_TRUE(outcome.passed())
          << to_string(geometry) << ": " << describe(outcome);
    }
  }
}

TEST_P(ImplicitGemm, FilterGradientMatchesFloat64) {
  GemmScratch scratch(3);
  for (const ConvolutionGeometry& geometry : geometries()) {
    const RandomProblem p(geometry, 9);
    const auto expected = reference_backward_filter(geometry, p.input.values(),
                                                    p.output_gradient.values());
    for (const int threads : {1, 3}) {
      Tensor gradient(geometry.filter_shape());
      gradient.fill(NAN);
      implicit_backward_filter(
          geometry, p.input.values(), p.output_gradient.values(),
          gradient.values(), {.threads = threads, .isa = GetParam()}, scratch);
      const auto outcome =
          compare(gradient.values(), expected, backward_filter_terms(geometry));
      ASSERT_TRUE(outcome.passed())
          << to_string(geometry) << ": " << describe(outcome);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Isas, ImplicitGemm,
                         testing::ValuesIn(supported_isas()),
                         [](const auto& isa) {
                           std::string name(name_of(isa.param));
                           std::erase(name, '-');
                           return name;
                         });

const ConvolutionGeometry kGeometry{.batch = 4,
                                    .input_channels = 5,
                                    .input_height = 12,
                                    .input_width = 17,
                                    .output_channels = 19,
                                    .kernel_height = 3,
                                    .kernel_width = 2,
                                    .stride = 2,
                                    .padding = 1};

TEST(ImplicitGemmThreads, MakeNoDifferenceToAnyBit) {
  const RandomProblem p(kGeometry, 3);
  const auto all = [&](int threads) {
    GemmScratch scratch(threads);
    const GemmOptions options{.threads = threads};
    Tensor output(kGeometry.output_shape());
    Tensor input_gradient(kGeometry.input_shape());
    Tensor filter_gradient(kGeometry.filter_shape());
    implicit_forward(kGeometry, p.input.values(), p.filter.values(),
                     output.values(), options, scratch);
    implicit_backward_input(kGeometry, p.output_gradient.values(),
                            p.filter.values(), input_gradient.values(), options,
                            scratch);
    implicit_backward_filter(kGeometry, p.input.values(),
                             p.output_gradient.values(),
                             filter_gradient.values(), options, scratch);
    std::vector<float> numbers;
    for (const Tensor* tensor : {&output, &input_gradient, &filter_gradient})
      numbers.insert(numbers.end(), tensor->data(),
                     tensor->data() + tensor->size());
    return numbers;
  };
  const auto expected = all(1);
  for (const int threads : {2, 3, 5}) EXPECT_EQ(all(threads), expected);
}

TEST(ImplicitGemmBias, IsAddedBeforeRelu) {
  const RandomProblem p(kGeometry, 4);
  std::vector<float> bias(19);
  Random(5, 1).fill_uniform(bias, -1, 1);
  auto expected =
      reference_forward(kGeometry, p.input.values(), p.filter.values());
  const auto pixels = static_cast<std::size_t>(expected.value.size() / 4 / 19);
  for (std::size_t i = 0; i < expected.value.size(); ++i) {
    const double added = bias[i / pixels % 19];
    expected.value[i] = std::max(expected.value[i] + added, 0.0);
    expected.magnitude[i] += std::abs(added);
  }
  Tensor output(kGeometry.output_shape());
  GemmScratch scratch(1);
  implicit_forward(
      kGeometry, p.input.values(), p.filter.values(), output.values(),
      {.epilogue = {.row_bias = bias.data(), .relu = true}}, scratch);
  const auto outcome =
      compare(output.values(), expected, kGeometry.terms() + 1);
  EXPECT_TRUE(outcome.passed()) << describe(outcome);
}

TEST(ImplicitGemmErrors, SayWhatWasExpected) {
  const RandomProblem p(kGeometry, 4);
  Tensor output(kGeometry.output_shape());
  GemmScratch scratch(1);
  const auto refusal = [&](const ConvolutionGeometry& geometry,
                           const GemmOptions& options) -> std::string {
    try {
      implicit_forward(geometry, p.input.values(), p.filter.values(),
                       output.values(), options, scratch);
    } catch (const std::invalid_argument& error) {
      return error.what();
    } catch (const InputError&) {
      return "InputError";
    }
    return "no error";
  };
  EXPECT_EQ(refusal(kGeometry, {}), "no error");
  ConvolutionGeometry other = kGeometry;
  other.input_height = 13;
  EXPECT_EQ(refusal(other, {}),
            "implicit convolution: an input of 4080 numbers, expected "
            "4x5x13x17");
  EXPECT_EQ(refusal(kGeometry, {.threads = 2}),
            "implicit convolution: found 2 threads, expected 1 to 1, which the "
            "scratch memory is for");
  EXPECT_EQ(refusal(kGeometry, {.beta = 1}),
            "implicit convolution: alpha must be 1 and beta 0, and only "
            "forward takes a bias (by row) or ReLU");
  other = kGeometry;
  other.stride = 0;
  EXPECT_EQ(refusal(other, {}), "InputError");
}

}  // namespace
