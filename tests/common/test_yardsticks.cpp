#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "common/error_bound.hpp"
#include "common/random.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
namespace {

constexpr std::int64_t kRows = 17;
constexpr std::int64_t kColumns = 33;
constexpr std::int64_t kDepth = 29;

std::vector<float> random_values(std::int64_t count, std::uint64_t stream) {
  std::vector<float> values(static_cast<std::size_t>(count));
  Random(1, stream).fill_uniform(values, -1, 2);
  return values;
}

float at(const std::vector<float>& matrix, std::int64_t index) {
  return matrix[static_cast<std::size_t>(index)];
}

/// A B in float64, where `transpose` says that a matrix lies transposed in
/// memory, checked against `actual` by the bound.
Comparison compare_product(const std::vector<float>& actual,
                           const std::vector<float>& a, bool transpose_a,
                           const std::vector<float>& b, bool transpose_b) {
  std::vector<double> value;
  std::vector<double> magnitude;
  for (std::int64_t i = 0; i < kRows; ++i) {
    for (std::int64_t j = 0; j < kColumns; ++j) {
      double sum = 0;
      double sizes = 0;
      for (std::int64_t p = 0; p < kDepth; ++p) {
        const float left = at(a, transpose_a ? p * kRows + i : i * kDepth + p);
        const float right =
            at(b, transpose_b ? j * kDepth + p : p * kColumns + j);
        sum += double{left} * double{right};
        sizes += std::abs(double{left} * double{right});
      }
      value.push_back(sum);
      magnitude.push_back(sizes);
    }
  }
  return compare(actual, {value, magnitude}, kDepth);
}

class OpenBlasSgemm : public testing::TestWithParam<std::tuple<bool, bool>> {};

TEST_P(OpenBlasSgemm, StaysWithinTheBound) {
  std::string why_not;
  const auto blas = OpenBlas::load(why_not);
  if (!blas) GTEST_SKIP() << why_not;
  const auto [transpose_a, transpose_b] = GetParam();
  const auto a = random_values(kRows * kDepth, 0);
  const auto b = random_values(kDepth * kColumns, 1);
  std::vector<float> c(kRows * kColumns, 99.0F);
  blas->set_threads(1);
  blas->sgemm(transpose_a, transpose_b, kRows, kColumns, kDepth, 1, a.data(),
              transpose_a ? kRows : kDepth, b.data(),
              transpose_b ? kDepth : kColumns, 0, c.data(), kColumns);
  const Comparison outcome = compare_product(c, a, transpose_a, b, transpose_b);
  EXPECT_TRUE(outcome.passed()) << describe(outcome);
}

INSTANTIATE_TEST_SUITE_P(Transposes, OpenBlasSgemm,
                         testing::Combine(testing::Bool(), testing::Bool()));

TEST(OpenBlas, SaysWhichOneItIs) {
  std::string why_not;
  const auto blas = OpenBlas::load(why_not);
  if (!blas) GTEST_SKIP() << why_not;
  EXPECT_TRUE(blas->description().starts_with("OpenBLAS "))
      << blas->description();
  EXPECT_THROW(blas->sgemm(false, false, std::int64_t{1} << 31, 1, 1, 1,
                           nullptr, 1, nullptr, 1, 0, nullptr, 1),
               std::invalid_argument);
}

TEST(CublasSgemm, StaysWithinTheBound) {
  const auto a = random_values(kRows * kDepth, 0);
  const auto b = random_values(kDepth * kColumns, 1);
  std::vector<float> c(kRows * kColumns, 99.0F);
  std::string why_not;
  const auto outcome = cublas_sgemm(kRows, kColumns, kDepth, a, b, c, why_not,
                                    TimingPlan::quick());
  if (!outcome) {
    EXPECT_FALSE(why_not.empty());
    GTEST_SKIP() << why_not;
  }
  const Comparison compared = compare_product(c, a, false, b, false);
  EXPECT_TRUE(compared.passed()) << describe(compared);
  EXPECT_GT(outcome->timing.median_s, 0);
  EXPECT_GE(outcome->timing.repetitions, 3);
  EXPECT_TRUE(outcome->description.starts_with("cuBLAS "));
}

/// Cross-correlation in float64, straight from its definition.
Comparison compare_convolution(const Tensor& input, const Tensor& filter,
                               std::int64_t stride, std::int64_t padding,
                               const Tensor& output) {
  std::vector<double> value;
  std::vector<double> magnitude;
  const Shape& in = input.shape();
  const Shape& kernel = filter.shape();
  const Shape& out = output.shape();
  for (std::int64_t i = 0; i < out.size(); ++i) {
    const std::int64_t column = i % out.width;
    const std::int64_t row = i / out.width % out.height;
    const std::int64_t channel = i / out.width / out.height % out.channels;
    const std::int64_t n = i / out.width / out.height / out.channels;
    double sum = 0;
    double sizes = 0;
    for (std::int64_t k = 0; k < kernel.size() / kernel.batch; ++k) {
      const std::int64_t x = column * stride - padding + k % kernel.width;
      const std::int64_t y =
          row * stride - padding + k / kernel.width % kernel.height;
      if (x < 0 || x >= in.width || y < 0 || y >= in.height) continue;
      const std::int64_t c = k / kernel.width / kernel.height;
      const double product =
          double{input(n, c, y, x)} *
          double{filter(channel, c, k / kernel.width % kernel.height,
                        k % kernel.width)};
      sum += product;
      sizes += std::abs(product);
    }
    value.push_back(sum);
    magnitude.push_back(sizes);
  }
  return compare(output.values(), {value, magnitude},
                 kernel.size() / kernel.batch);
}

TEST(CudnnConvolution, StaysWithinTheBound) {
  Tensor input({2, 5, 13, 11});
  Tensor filter({7, 5, 3, 3});
  Random(1, 0).fill_uniform(input.values(), -1, 2);
  Random(1, 1).fill_uniform(filter.values(), -1, 2);
  for (const std::int64_t stride : {1, 2}) {
    Tensor output({2, 7, (13 + 2 - 3) / stride + 1, (11 + 2 - 3) / stride + 1});
    std::string why_not;
    const auto outcome = cudnn_convolution_forward(
        input, filter, stride, 1, output, why_not, TimingPlan::quick());
    if (!outcome) {
      EXPECT_FALSE(why_not.empty());
      GTEST_SKIP() << why_not;
    }
    const Comparison compared =
        compare_convolution(input, filter, stride, 1, output);
    EXPECT_TRUE(compared.passed())
        << outcome->description << ": " << describe(compared);
    EXPECT_GT(outcome->timing.median_s, 0);
  }
}

/// Both gradients in float64: every product of the forward pass sends its share
/// back.
struct Gradients {
  std::vector<double> input;
  std::vector<double> input_sizes;
  std::vector<double> filter;
  std::vector<double> filter_sizes;
};

Gradients gradients_of(const Tensor& input, const Tensor& filter,
                       std::int64_t stride, std::int64_t padding,
                       const Tensor& output_gradient) {
  Gradients all;
  all.input.resize(input.values().size());
  all.input_sizes.resize(all.input.size());
  all.filter.resize(filter.values().size());
  all.filter_sizes.resize(all.filter.size());
  const Shape& in = input.shape();
  const Shape& kernel = filter.shape();
  const Shape& out = output_gradient.shape();
  for (std::int64_t i = 0; i < out.size(); ++i) {
    const std::int64_t column = i % out.width;
    const std::int64_t row = i / out.width % out.height;
    const std::int64_t channel = i / out.width / out.height % out.channels;
    const std::int64_t n = i / out.width / out.height / out.channels;
    const double slope = output_gradient(n, channel, row, column);
    for (std::int64_t k = 0; k < kernel.size() / kernel.batch; ++k) {
      const std::int64_t x = column * stride - padding + k % kernel.width;
      const std::int64_t y =
          row * stride - padding + k / kernel.width % kernel.height;
      if (x < 0 || x >= in.width || y < 0 || y >= in.height) continue;
      const std::int64_t c = k / kernel.width / kernel.height;
      const auto weight = static_cast<std::size_t>(
          channel * (kernel.size() / kernel.batch) + k);
      const auto pixel = static_cast<std::size_t>(
          ((n * in.channels + c) * in.height + y) * in.width + x);
      const double to_input = slope * double{filter.values()[weight]};
      const double to_filter = slope * double{input.values()[pixel]};
      all.input[pixel] += to_input;
      all.input_sizes[pixel] += std::abs(to_input);
      all.filter[weight] += to_filter;
      all.filter_sizes[weight] += std::abs(to_filter);
    }
  }
  return all;
}

TEST(CudnnConvolution, GradientsStayWithinTheBound) {
  Tensor input({2, 5, 13, 11});
  Tensor filter({7, 5, 3, 3});
  Random(1, 0).fill_uniform(input.values(), -1, 2);
  Random(1, 1).fill_uniform(filter.values(), -1, 2);
  for (const std::int64_t stride : {1, 2}) {
    Tensor slopes({2, 7, (13 + 2 - 3) / stride + 1, (11 + 2 - 3) / stride + 1});
    Random(1, 2).fill_uniform(slopes.values(), -1, 2);
    Tensor input_gradient(input.shape());
    Tensor filter_gradient(filter.shape());
    std::string why_not;
    const auto to_input = cudnn_convolution_backward_input(
        slopes, filter, stride, 1, input_gradient, why_not,
        TimingPlan::quick());
    if (!to_input) {
      EXPECT_FALSE(why_not.empty());
      GTEST_SKIP() << why_not;
    }
    const auto to_filter = cudnn_convolution_backward_filter(
        input, slopes, stride, 1, filter_gradient, why_not,
        TimingPlan::quick());
    ASSERT_TRUE(to_filter) << why_not;
    const Gradients all = gradients_of(input, filter, stride, 1, slopes);
    const Comparison of_input =
        compare(input_gradient.values(), {all.input, all.input_sizes}, 7 * 9);
    EXPECT_TRUE(of_input.passed())
        << to_input->description << ": " << describe(of_input);
    const Comparison of_filter =
        compare(filter_gradient.values(), {all.filter, all.filter_sizes},
                slopes.shape().size() / 7);
    EXPECT_TRUE(of_filter.passed())
        << to_filter->description << ": " << describe(of_filter);
    EXPECT_GT(to_input->timing.median_s, 0);
    EXPECT_GT(to_filter->timing.median_s, 0);
  }
}

/// A shape that is not the convolution's is refused, not computed.
TEST(CudnnConvolution, RefusesWrongShapes) {
  Tensor input({1, 2, 6, 6});
  Tensor slopes({1, 3, 5, 4});  // 4 x 4 would be right
  Tensor filter_gradient({3, 2, 3, 3});
  std::string why_not;
  try {
    if (!cudnn_convolution_backward_filter(input, slopes, 1, 0, filter_gradient,
                                           why_not, TimingPlan::quick())) {
      GTEST_SKIP() << why_not;
    }
    FAIL() << "nothing was refused";
  } catch (const std::invalid_argument&) {
    SUCCEED();
  }
}

}  // namespace
}  // namespace cnn
