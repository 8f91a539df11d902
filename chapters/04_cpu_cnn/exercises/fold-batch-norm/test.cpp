#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "common/random.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

std::vector<float> numbers(std::int64_t count, std::uint64_t stream, float low,
                           float high) {
  std::vector<float> values(static_cast<std::size_t>(count));
  Random(5, stream).fill_uniform(values, low, high);
  return values;
}

struct Learnt {
  std::vector<float> scale, shift, mean, variance, bias;
  explicit Learnt(std::int64_t channels)
      : scale(numbers(channels, 1, -2, 2)),
        shift(numbers(channels, 2, -1, 1)),
        mean(numbers(channels, 3, -1, 1)),
        variance(numbers(channels, 4, 0.25F, 4)),
        bias(numbers(channels, 5, -1, 1)) {}
  BatchNormNumbers norm() const { return {scale, shift, mean, variance}; }
};

// Convolution, bias and normalisation in float64, with the sum of magnitudes.
ReferenceResult reference(const RandomProblem& problem, const Learnt& learnt) {
  const ConvolutionGeometry& geometry = problem.geometry;
  ReferenceResult result = reference_forward(geometry, problem.input.values(),
                                             problem.filter.values());
  const Shape out = geometry.output_shape();
  const auto plane = static_cast<std::size_t>(out.height * out.width);
  for (std::size_t i = 0; i < result.value.size(); ++i) {
    const std::size_t c = i / plane % static_cast<std::size_t>(out.channels);
    const double factor =
        learnt.scale[c] / std::sqrt(static_cast<double>(learnt.variance[c]) +
                                    learnt.norm().epsilon);
    const double rest = static_cast<double>(learnt.bias[c]) - learnt.mean[c];
    result.value[i] = (result.value[i] + rest) * factor + learnt.shift[c];
    result.magnitude[i] = (result.magnitude[i] + std::abs(learnt.bias[c]) +
                           std::abs(learnt.mean[c])) *
                              std::abs(factor) +
                          std::abs(learnt.shift[c]);
  }
  return result;
}

TEST(FoldBatchNorm, TheConvolutionAloneComputesTheSame) {
  for (const ConvolutionGeometry& geometry : check_geometries()) {
    RandomProblem problem(geometry, 23);
    Learnt learnt(geometry.output_channels);
    const ReferenceResult truth = reference(problem, learnt);

    fold_batch_norm(learnt.norm(), problem.filter.values(), learnt.bias);
    Tensor output(geometry.output_shape());
    convolution_forward(geometry, problem.input.values(),
                        problem.filter.values(), output.values());
    const Shape out = geometry.output_shape();
    for (std::int64_t n = 0; n < out.batch; ++n)
      for (std::int64_t c = 0; c < out.channels; ++c)
        for (std::int64_t y = 0; y < out.height; ++y)
          for (std::int64_t x = 0; x < out.width; ++x)
            output(n, c, y, x) += learnt.bias[static_cast<std::size_t>(c)];

    // A factor costs a sum, a root, a division; a weight one product more.
    const auto outcome = compare(output.values(), truth, geometry.terms() + 8);
    EXPECT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);
  }
}

}  // namespace
