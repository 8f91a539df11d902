// Batch normalisation against float64, with and without ReLU and pooling.
#include <gtest/gtest.h>

#include <cmath>

#include "common/errors.hpp"
#include "tests/chapters/04_cpu_cnn/batch_norm_reference.hpp"
#include "tests/chapters/04_cpu_cnn/on_backend.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

constexpr float kEpsilon = 1e-5F;

struct Case {
  BatchNormBlock block;
  float mean = 0;  // how far the numbers are from 0
};

/// One batch normalisation, forward and back.
struct Normalised {
  explicit Normalised(const Case& which)
      : shape(which.block.input),
        x(random_floats(count(shape), 1, which.mean - 1, which.mean + 2)),
        scale(random_floats(channels(), 2, 0.5F, 2)),
        shift(random_floats(channels(), 3)) {
    const BatchNormBlock& block = which.block;
    on.backend.reserve_batch_norm(block);
    arrays = {on.plain(scale),
              on.plain(shift),
              on.plain(std::vector<float>(channels(), 0.5F)),
              on.plain(std::vector<float>(channels(), 2)),
              on.zeros(shape.channels),
              on.zeros(shape.channels)};
    input = on.activation(shape, x);
    const Array output = on.activation(block.output());
    const ByteArray winners =
        on.backend.allocate_bytes(on.backend.winners_size(block));
    on.backend.batch_norm_forward(block, arrays, 0.1F, kEpsilon, input, output,
                                  winners);
    y = on.read(block.output(), output);

    dy = random_floats(count(block.output()), 4);
    const Array scale_gradient = on.zeros(shape.channels);
    const Array shift_gradient = on.zeros(shape.channels);
    on.backend.batch_norm_backward(
        block, arrays, input, on.activation(block.output(), dy), winners, input,
        scale_gradient, shift_gradient);  // over the input, as networks do it
    dx = on.read(shape, input);
    d_scale = on.read_plain(scale_gradient, channels());
    d_shift = on.read_plain(shift_gradient, channels());
  }

  std::size_t channels() const {
    return static_cast<std::size_t>(shape.channels);
  }

  OnBackend<> on;
  Shape shape;
  std::vector<float> x, scale, shift, y, dy, dx, d_scale, d_shift;
  BatchNormArrays arrays{};
  Array input = nullptr;
};

const std::vector<Case> kCases{
    {{{3, 5, 7, 5}}, 0},
    {{{2, 17, 6, 9}}, 3},
    {{{37, 25, 1, 1}}, 0},
    {{{2, 8, 5, 5}, true}, 0},
    {{{3, 40, 7, 5}, true, 2}, 0},
    {{{3, 40, 7, 5}, false, 2}, 0},
    {{{2, 3, 8, 7}, true, 3}, 1},
    {{{70, 20, 1, 1}, true}, 0},
    {{{2, 16, 6, 6}, false, 1}, 1000},  // the mean far above the deviation
};

TEST(BackendBatchNorm, ForwardMatchesTheReference) {
  for (const Case& which : kCases) {
    const BatchNormBlock& block = which.block;
    Normalised run(which);
    const Bounded normal =
        batch_norm(run.shape, doubles(run.x), doubles(run.scale),
                   doubles(run.shift), double{kEpsilon});
    const PoolGeometry pool{run.shape, block.pool, block.pool};
    Bounded expected(run.y.size());
    expected.value = max_pool(pool, normal.value);
    // The largest of several is off by no more than the worst of them.
    expected.magnitude = max_pool(pool, normal.magnitude);
    if (block.relu) {
      for (double& value : expected.value) value = std::max(value, 0.0);
    }
    const auto outcome = compare(run.y, expected, kBatchNormTerms);
    EXPECT_TRUE(outcome.passed())
        << to_string(run.shape) << ": " << describe(outcome);
  }
}

TEST(BackendBatchNorm, BackwardMatchesTheReference) {
  for (const Case& which : kCases) {
    const BatchNormBlock& block = which.block;
    Normalised run(which);
    const Bounded normal =
        batch_norm(run.shape, doubles(run.x), doubles(run.scale),
                   doubles(run.shift), double{kEpsilon});
    const PoolGeometry pool{run.shape, block.pool, block.pool};
    Doubles dy = doubles(run.dy);
    const Doubles pooled = max_pool(pool, normal.value);
    for (std::size_t i = 0; i < dy.size(); ++i) {
      if (block.relu && !(pooled[i] > 0)) dy[i] = 0;
    }
    const auto expected = batch_norm_gradients(
        run.shape, doubles(run.x), doubles(run.scale),
        max_pool_gradient(pool, normal.value, dy).value, double{kEpsilon});
    for (const auto& [got, reference] :
         {std::pair{&run.dx, &expected.input},
          std::pair{&run.d_scale, &expected.scale},
          std::pair{&run.d_shift, &expected.shift}}) {
      const auto outcome = compare(*got, *reference, kBatchNormTerms + 16);
      EXPECT_TRUE(outcome.passed())
          << to_string(run.shape) << ": " << describe(outcome);
    }
  }
}

TEST(BackendBatchNorm, RunningStatisticsMoveAndTheVarianceIsUnbiased) {
  Normalised run({{{3, 5, 7, 5}}, 0});
  const auto expected = statistics(run.shape, doubles(run.x), 0);
  for (std::size_t c = 0; c < 5; ++c) {
    const double unbiased = expected[c].variance * 105 / 104;
    EXPECT_NEAR(run.arrays.running_mean[c], 0.9 * 0.5 + 0.1 * expected[c].mean,
                gamma_bound(kBatchNormTerms) * (1 + expected[c].unsure_mean));
    EXPECT_NEAR(
        run.arrays.running_variance[c], 0.9 * 2 + 0.1 * unbiased,
        gamma_bound(kBatchNormTerms) *
            (2 + expected[c].variance * (1 + expected[c].unsure_variance)));
  }
}

TEST(BackendBatchNorm, InferenceUsesTheRunningStatistics) {
  OnBackend<> on;
  const BatchNormBlock block{{2, 3, 5, 4}, true, 2};
  on.backend.reserve_batch_norm(block);
  const auto x = random_floats(count(block.input), 1);
  const BatchNormArrays arrays{on.plain({1, 2, -1}),
                               on.plain({0, 0.5F, 1}),
                               on.plain({0.1F, -0.2F, 0}),
                               on.plain({1, 4, 0.25F}),
                               on.zeros(3),
                               on.zeros(3)};
  const Array output = on.activation(block.output());
  on.backend.batch_norm_inference(block, arrays, kEpsilon,
                                  on.activation(block.input, x), output);
  Bounded normal(x.size());
  for_each(block.input, [&](auto n, auto c, auto y, auto column) {
    const std::size_t i = at(block.input, n, c, y, column);
    const double factor =
        double{arrays.scale[c]} /
        std::sqrt(double{arrays.running_variance[c]} + double{kEpsilon});
    normal.value[i] = (x[i] - double{arrays.running_mean[c]}) * factor +
                      double{arrays.shift[c]};
    normal.magnitude[i] =
        (std::abs(x[i]) + 1) * std::abs(factor) + std::abs(arrays.shift[c]);
  });
  const PoolGeometry pool{block.input, 2, 2};
  Bounded expected(count(block.output()));
  expected.value = max_pool(pool, normal.value);
  expected.magnitude = max_pool(pool, normal.magnitude);
  for (double& value : expected.value) value = std::max(value, 0.0);
  EXPECT_TRUE(compare(on.read(block.output(), output), expected, 8).passed());
}

TEST(BackendBatchNorm, ConstantChannelsGiveTheShift) {
  OnBackend<> on;
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

TEST(BackendBatchNorm, OneNumberHasNoVariance) {
  OnBackend<> on;
  EXPECT_THROW(on.backend.reserve_batch_norm({{1, 5, 1, 1}}), InputError);
}

}  // namespace
