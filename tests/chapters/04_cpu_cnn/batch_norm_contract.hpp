/// @file
/// What a backend promises of batch normalisation, checked against float64.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/chapters/04_cpu_cnn/batch_norm_reference.hpp"
#include "tests/chapters/04_cpu_cnn/on_backend.hpp"

namespace cnn::test {

/// A batch normalisation to check.
struct BatchNormCase {
  BatchNormBlock block;
  float mean = 0;             ///< how far the numbers are from 0
  bool float32_sums = false;  ///< sums are float32 from end to end
};

/// One of them with its numbers, forward and back.
struct NormalisedBatch {
  static constexpr float kEpsilon = 1e-5F;
  static constexpr float kMomentum = 0.1F;

  NormalisedBatch(Backend& backend, const BatchNormCase& which)
      : shape(which.block.input),
        x(random_floats(count(shape), 1, which.mean - 1, which.mean + 2)),
        scale(random_floats(channels(), 2, 0.5F, 2)),
        shift(random_floats(channels(), 3)),
        dy(random_floats(count(which.block.output()), 4)) {
    OnBackend on(backend);
    const BatchNormBlock& block = which.block;
    backend.reserve_batch_norm(block);
    const BatchNormArrays arrays{on.plain(scale),
                                 on.plain(shift),
                                 on.plain(std::vector<float>(channels(), 0.5F)),
                                 on.plain(std::vector<float>(channels(), 2)),
                                 on.zeros(shape.channels),
                                 on.zeros(shape.channels)};
    const Array input = on.activation(shape, x);
    const Array output = on.activation(block.output());
    const ByteArray winners =
        backend.allocate_bytes(backend.winners_size(block));
    backend.batch_norm_forward(block, arrays, kMomentum, kEpsilon, input,
                               output, winners);
    y = on.read(block.output(), output);
    running_mean = on.read_plain(arrays.running_mean, channels());
    running_variance = on.read_plain(arrays.running_variance, channels());

    const Array scale_gradient = on.zeros(shape.channels);
    const Array shift_gradient = on.zeros(shape.channels);
    backend.batch_norm_backward(
        block, arrays, input, on.activation(block.output(), dy), winners, input,
        scale_gradient, shift_gradient);  // over the input, as networks do it
    dx = on.read(shape, input);
    d_scale = on.read_plain(scale_gradient, channels());
    d_shift = on.read_plain(shift_gradient, channels());
  }

  std::size_t channels() const {
    return static_cast<std::size_t>(shape.channels);
  }

  Shape shape;
  std::vector<float> x, scale, shift, y, running_mean, running_variance;
  std::vector<float> dy, dx, d_scale, d_shift;
};

/// The running statistics of a batch that began with 0.5 and 2, in float64.
struct RunningReference {
  Bounded mean;
  Bounded variance;

  explicit RunningReference(const NormalisedBatch& run)
      : mean(run.channels()), variance(run.channels()) {
    const auto all = statistics(run.shape, doubles(run.x), 0);
    const double size = static_cast<double>(run.shape.size()) /
                        static_cast<double>(run.shape.channels);
    for (std::size_t c = 0; c < all.size(); ++c) {
      const double unbiased = all[c].variance * size / (size - 1);
      mean.value[c] = 0.9 * 0.5 + 0.1 * all[c].mean;
      mean.magnitude[c] = 1 + all[c].unsure_mean;
      variance.value[c] = 0.9 * 2 + 0.1 * unbiased;
      variance.magnitude[c] =
          2 + all[c].variance * (1 + all[c].unsure_variance);
    }
  }
};

/// Forward, running statistics, and all three gradients.
inline std::string complaints(Backend& backend, const BatchNormCase& which) {
  const BatchNormBlock& block = which.block;
  const NormalisedBatch run(backend, which);
  const std::int64_t pixels = run.shape.size() / run.shape.channels;
  const std::int64_t terms =
      kBatchNormTerms + (which.float32_sums ? pixels : 0);
  const Doubles x = doubles(run.x);
  const Doubles scale = doubles(run.scale);
  const double epsilon = double{NormalisedBatch::kEpsilon};
  Complaints all;

  const Bounded normal =
      batch_norm(run.shape, x, scale, doubles(run.shift), epsilon);
  const PoolGeometry pool{run.shape, block.pool, block.pool};
  const Doubles pooled = max_pool(pool, normal.value);
  Bounded expected(run.y.size());
  expected.value = pooled;
  // The largest of several is off by no more than the worst of them.
  expected.magnitude = max_pool(pool, normal.magnitude);
  Doubles dy = doubles(run.dy);
  for (std::size_t i = 0; i < dy.size(); ++i) {
    if (!block.relu || pooled[i] > 0) continue;
    expected.value[i] = 0;
    dy[i] = 0;
  }
  all.add("output", compare(run.y, expected, terms));

  const RunningReference running(run);
  all.add("running mean", compare(run.running_mean, running.mean, terms));
  all.add("running variance",
          compare(run.running_variance, running.variance, terms));

  const auto gradients = batch_norm_gradients(
      run.shape, x, scale, max_pool_gradient(pool, normal.value, dy).value,
      epsilon);
  all.add("input gradient", compare(run.dx, gradients.input, terms + 16));
  all.add("scale gradient", compare(run.d_scale, gradients.scale, terms + 16));
  all.add("shift gradient", compare(run.d_shift, gradients.shift, terms + 16));
  return all.text();
}

}  // namespace cnn::test
