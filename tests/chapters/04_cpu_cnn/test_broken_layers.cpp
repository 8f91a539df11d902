// A zoo of layers with one mistake each that people really make. The
// comparisons that the other tests use have to catch them.
#include <gtest/gtest.h>

#include <cmath>

#include "chapters/04_cpu_cnn/gradient_check.hpp"
#include "tests/chapters/04_cpu_cnn/batch_norm_reference.hpp"
#include "tests/chapters/04_cpu_cnn/small_networks.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

std::vector<float> floats(const Doubles& values) {
  return {values.begin(), values.end()};
}

class BrokenBatchNorm : public testing::Test {
 protected:
  /// Normalised with a variance over `less` numbers too few.
  std::vector<float> normalised(double less, double epsilon) const {
    Doubles y(x_.size());
    const auto channels = statistics(shape_, doubles(x_), 0);
    const double size = 3 * 5 * 7;
    for_each(shape_, [&](auto n, auto c, auto row, auto column) {
      const auto channel = static_cast<std::size_t>(c);
      const std::size_t i = at(shape_, n, c, row, column);
      const double variance = channels[channel].variance * size / (size - less);
      y[i] = (x_[i] - channels[channel].mean) / std::sqrt(variance + epsilon) *
                 scale_[channel] +
             shift_[channel];
    });
    return floats(y);
  }

  Comparison judge(const std::vector<float>& y) const {
    return compare(y, batch_norm(shape_, doubles(x_), scale_, shift_, 1e-5),
                   kBatchNormTerms);
  }

  const Shape shape_{3, 2, 5, 7};
  const std::vector<float> x_ = random_floats(count(shape_), 1);
  const Doubles scale_ = doubles(random_floats(2, 2, 0.5F, 1));
  const Doubles shift_ = doubles(random_floats(2, 3));
};

TEST_F(BrokenBatchNorm, TheUnbrokenOnePasses) {
  EXPECT_TRUE(judge(normalised(0, 1e-5)).passed());
}

TEST_F(BrokenBatchNorm, TheUnbiasedVarianceIsCaught) {
  EXPECT_FALSE(judge(normalised(1, 1e-5)).passed());
}

TEST_F(BrokenBatchNorm, AnotherEpsilonIsCaught) {
  EXPECT_FALSE(judge(normalised(0, 1e-4)).passed());
}

TEST_F(BrokenBatchNorm, AGradientThatForgetsTheStatisticsIsCaught) {
  const Doubles dy = doubles(random_floats(x_.size(), 4));
  const auto expected =
      batch_norm_gradients(shape_, doubles(x_), scale_, dy, 1e-5).input;
  const auto channels = statistics(shape_, doubles(x_), 1e-5);
  Doubles dx(x_.size());
  for_each(shape_, [&](auto n, auto c, auto row, auto column) {
    const auto channel = static_cast<std::size_t>(c);
    const std::size_t i = at(shape_, n, c, row, column);
    dx[i] =
        dy[i] * scale_[channel] / std::sqrt(channels[channel].variance + 1e-5);
  });
  EXPECT_TRUE(
      compare(floats(expected.value), expected, kBatchNormTerms).passed());
  EXPECT_FALSE(compare(floats(dx), expected, kBatchNormTerms).passed());
}

TEST(BrokenSoftmax, WithoutTheMaximumOverflowsAndIsCaught) {
  const std::vector<float> z{100, 2, -3, 0.5F, 1, 2};
  const auto expected = softmax(2, 3, doubles(z), {0, 2}).gradient;
  std::vector<float> gradient;
  for (std::size_t n = 0; n < 2; ++n) {
    float sum = 0;
    for (std::size_t i = 0; i < 3; ++i) sum += std::exp(z[3 * n + i]);
    for (std::size_t i = 0; i < 3; ++i) {
      const float hot = i == (n == 0 ? 0U : 2U) ? 1 : 0;
      gradient.push_back((std::exp(z[3 * n + i]) / sum - hot) / 2);
    }
  }
  EXPECT_FALSE(compare(gradient, expected, 8).passed());
}

TEST(BrokenPool, TheGradientToTheLastOfEqualsIsCaught) {
  const PoolGeometry pool{{1, 1, 2, 2}, 2, 2};
  const auto expected = max_pool_gradient(pool, {3, 5, 5, 5}, {2});
  EXPECT_TRUE(compare(std::vector<float>{0, 2, 0, 0}, expected, 1).passed());
  EXPECT_FALSE(compare(std::vector<float>{0, 0, 0, 2}, expected, 1).passed());
  EXPECT_FALSE(compare(std::vector<float>{0, 2, 2, 2}, expected, 1).passed());
}

/// Backends with a mistake on the way back, for the gradient check.
class NoBiasGradient : public CpuBackend {
 public:
  using CpuBackend::CpuBackend;
  void dense_backward_weight(const DenseGeometry& dense, ConstArray input,
                             ConstArray output_gradient, Array weight_gradient,
                             Array bias_gradient) override {
    CpuBackend::dense_backward_weight(dense, input, output_gradient,
                                      weight_gradient, bias_gradient);
    std::fill_n(bias_gradient, dense.outputs, 0.0F);
  }
};

class NotTransposed : public CpuBackend {
 public:
  using CpuBackend::CpuBackend;
  void dense_backward_input(const DenseGeometry& dense,
                            ConstArray output_gradient, ConstArray weight,
                            Array input_gradient) override {
    std::vector<float> turned(
        static_cast<std::size_t>(dense.inputs * dense.outputs));
    for (std::size_t i = 0; i < turned.size(); ++i) {
      const auto inputs = static_cast<std::size_t>(dense.inputs);
      const auto outputs = static_cast<std::size_t>(dense.outputs);
      turned[i] = weight[i % inputs * outputs + i / inputs];
    }
    CpuBackend::dense_backward_input(dense, output_gradient, turned.data(),
                                     input_gradient);
  }
};

class NotRescaled : public CpuBackend {
 public:
  using CpuBackend::CpuBackend;
  void dropout_backward(const Shape& shape, const DropoutNumbers& numbers,
                        ConstArray output_gradient,
                        Array input_gradient) override {
    CpuBackend::dropout_backward(shape, numbers, output_gradient,
                                 input_gradient);
    for (std::int64_t i = 0; i < activation_size(shape); ++i) {
      input_gradient[i] *= 1 - numbers.probability;
    }
  }
};

class AnotherMask : public CpuBackend {
 public:
  using CpuBackend::CpuBackend;
  void dropout_backward(const Shape& shape, const DropoutNumbers& numbers,
                        ConstArray output_gradient,
                        Array input_gradient) override {
    DropoutNumbers other = numbers;
    ++other.step;
    CpuBackend::dropout_backward(shape, other, output_gradient, input_gradient);
  }
};

/// How many parameters of a network fail the gradient check.
template <class BackendType>
int failures() {
  BackendType backend(1, ConvolutionMethod::kDirect);
  Network network({{conv2d(6, 3), relu(), flatten(), dropout(0.5F), dense(20),
                    relu(), dense(5)}},
                  {8, 1, 7, 7}, backend, 5);
  fill_batch(network, 2);
  int failed = 0;
  for (const GradientCheck& check : check_gradients(network, 9)) {
    failed += !check.passed();
  }
  return failed;
}

TEST(BrokenBackward, IsCaughtByTheGradientCheck) {
  EXPECT_EQ(failures<CpuBackend>(), 0);
  EXPECT_GE(failures<NoBiasGradient>(), 1);
  EXPECT_GE(failures<NotTransposed>(), 1);
  EXPECT_GE(failures<NotRescaled>(), 1);
  EXPECT_GE(failures<AnotherMask>(), 1);
}

}  // namespace
