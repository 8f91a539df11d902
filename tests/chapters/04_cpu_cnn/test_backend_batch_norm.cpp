// Batch normalisation of every backend against float64, alone and with ReLU and
// pooling where it fuses them.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "common/errors.hpp"
#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"
#include "tests/chapters/04_cpu_cnn/batch_norm_contract.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

using BackendBatchNorm = BackendTest;

constexpr float kEpsilon = 1e-5F;

TEST_P(BackendBatchNorm, AloneMatchesTheReference) {
  for (const auto& [shape, mean] : {std::pair{Shape{3, 5, 7, 5}, 0.0F},
                                    {Shape{2, 17, 6, 9}, 3.0F},
                                    {Shape{37, 25, 1, 1}, 0.0F},
                                    // The mean far above the deviation.
                                    {Shape{2, 16, 6, 6}, 1000.0F}}) {
    const BatchNormCase which{{shape}, mean, GetParam().float32_sums};
    EXPECT_EQ(complaints(*subject, which), "") << to_string(shape);
  }
}

TEST_P(BackendBatchNorm, FusedMatchesTheReferenceOrIsRefused) {
  EXPECT_TRUE(subject->fuses(BatchNormBlock{{2, 8, 5, 5}}));
  for (const BatchNormCase& which : {BatchNormCase{{{2, 8, 5, 5}, true}},
                                     BatchNormCase{{{3, 40, 7, 5}, true, 2}},
                                     BatchNormCase{{{3, 40, 7, 5}, false, 2}},
                                     BatchNormCase{{{2, 3, 8, 7}, true, 3}, 1},
                                     // To one pixel: features.
                                     BatchNormCase{{{9, 5, 3, 2}, true, 2}},
                                     BatchNormCase{{{9, 16, 2, 3}, false, 2}},
                                     BatchNormCase{{{70, 20, 1, 1}, true}}}) {
    if (subject->fuses(which.block)) {
      EXPECT_EQ(complaints(*subject, which), "")
          << to_string(which.block.input);
    } else {
      EXPECT_THROW(complaints(*subject, which), std::logic_error);
    }
  }
}

TEST_P(BackendBatchNorm, WithoutAnInputGradientTheOthersAreTheSame) {
  OnBackend on(*subject);
  const BatchNormBlock block{{2, 3, 3, 2}};
  on.backend.reserve_batch_norm(block);
  const BatchNormArrays arrays{on.plain({1, 2, -1}), on.zeros(3), on.zeros(3),
                               on.zeros(3),          on.zeros(3), on.zeros(3)};
  const Array input = on.activation(block.input, random_floats(36, 1));
  const Array output = on.activation(block.input);
  const Array gradient = on.activation(block.input, random_floats(36, 2));
  on.backend.batch_norm_forward(block, arrays, 0.1F, kEpsilon, input, output,
                                nullptr);
  const auto gradients = [&](Array input_gradient) {
    const Array scale = on.zeros(3);
    const Array shift = on.zeros(3);
    on.backend.batch_norm_backward(block, arrays, input, gradient, nullptr,
                                   input_gradient, scale, shift);
    return std::pair{on.read_plain(scale, 3), on.read_plain(shift, 3)};
  };
  EXPECT_EQ(gradients(nullptr), gradients(on.activation(block.input)));
}

TEST_P(BackendBatchNorm, InferenceUsesTheRunningStatistics) {
  OnBackend on(*subject);
  const BatchNormBlock fused{{2, 3, 5, 4}, true, 2};
  const BatchNormBlock plain{{2, 3, 5, 4}};
  const std::vector<float> scale{1, 2, -1};
  const std::vector<float> shift{0, 0.5F, 1};
  const std::vector<float> mean{0.1F, -0.2F, 0};
  const std::vector<float> variance{1, 4, 0.25F};
  const auto x = random_floats(count(plain.input), 1);
  Bounded normal(x.size());
  for_each(plain.input, [&](auto n, auto c, auto y, auto column) {
    const std::size_t i = at(plain.input, n, c, y, column);
    const auto channel = static_cast<std::size_t>(c);
    const double factor =
        double{scale[channel]} /
        std::sqrt(double{variance[channel]} + double{kEpsilon});
    normal.value[i] = (double{x[i]} - double{mean[channel]}) * factor +
                      double{shift[channel]};
    normal.magnitude[i] = (std::abs(double{x[i]}) + 1) * std::abs(factor) +
                          std::abs(double{shift[channel]});
  });
  for (const BatchNormBlock& block : {plain, fused}) {
    if (!on.backend.fuses(block)) continue;
    on.backend.reserve_batch_norm(block);
    const BatchNormArrays arrays{on.plain(scale), on.plain(shift),
                                 on.plain(mean),  on.plain(variance),
                                 on.zeros(3),     on.zeros(3)};
    const Array output = on.activation(block.output());
    on.backend.batch_norm_inference(block, arrays, kEpsilon,
                                    on.activation(block.input, x), output);
    const PoolGeometry pool{block.input, block.pool, block.pool};
    Bounded expected(count(block.output()));
    expected.value = max_pool(pool, normal.value);
    expected.magnitude = max_pool(pool, normal.magnitude);
    for (double& value : expected.value) {
      if (block.relu) value = std::max(value, 0.0);
    }
    const auto outcome = compare(on.read(block.output(), output), expected, 8);
    EXPECT_TRUE(outcome.passed()) << describe(outcome);
    EXPECT_EQ(on.read_plain(arrays.running_mean, 3), mean);
    EXPECT_EQ(on.read_plain(arrays.running_variance, 3), variance);
  }
}

TEST_P(BackendBatchNorm, ConstantChannelsGiveTheShift) {
  OnBackend on(*subject);
  const BatchNormBlock block{{4, 2, 3, 3}};
  on.backend.reserve_batch_norm(block);
  const BatchNormArrays arrays{on.plain({1, 1}), on.plain({0.25F, -3}),
                               on.zeros(2),      on.zeros(2),
                               on.zeros(2),      on.zeros(2)};
  const Array output = on.activation(block.input);
  on.backend.batch_norm_forward(
      block, arrays, 0.1F, kEpsilon,
      on.activation(block.input, std::vector<float>(72, 1e6F)), output,
      nullptr);
  const auto y = on.read(block.input, output);
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_EQ(y[i], i / 9 % 2 == 0 ? 0.25F : -3.0F);
  }
}

TEST_P(BackendBatchNorm, OneNumberHasNoVariance) {
  OnBackend on(*subject);
  EXPECT_THROW(on.backend.reserve_batch_norm({{1, 5, 1, 1}}), InputError);
}

INSTANTIATE_TEST_SUITE_P(Every, BackendBatchNorm,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);

}  // namespace
