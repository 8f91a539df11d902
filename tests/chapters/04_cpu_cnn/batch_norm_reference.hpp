/// @file
/// Batch normalisation in float64, with its error bound.
#pragma once

#include "tests/chapters/04_cpu_cnn/layer_references.hpp"

namespace cnn::test {

/// The statistics of one channel, and what scales the errors of float32: the
/// backend adds x - first, `first` being the channel's first number, in float32
/// for some dozens of pixels and in float64 beyond.
struct ChannelStatistics {
  double mean = 0;
  double variance = 0;
  double unsure_mean = 0;      ///< scale of the error of the mean
  double unsure_variance = 0;  ///< scale of the relative error of the variance
};

inline std::vector<ChannelStatistics> statistics(const Shape& shape,
                                                 const Doubles& input,
                                                 double epsilon) {
  std::vector<ChannelStatistics> all(static_cast<std::size_t>(shape.channels));
  const double size =
      static_cast<double>(shape.batch * shape.height * shape.width);
  for (std::size_t c = 0; c < all.size(); ++c) {
    ChannelStatistics& own = all[c];
    const auto channel = static_cast<std::int64_t>(c);
    const double first = input[at(shape, 0, channel, 0, 0)];
    const auto sum = [&](const auto& term) {
      double total = 0;
      for_each({shape.batch, 1, shape.height, shape.width},
               [&](auto n, auto, auto y, auto x) {
                 total += term(input[at(shape, n, channel, y, x)]);
               });
      return total / size;
    };
    own.mean = sum([](double x) { return x; });
    own.variance =
        sum([&](double x) { return (x - own.mean) * (x - own.mean); });
    const double away = sum([&](double x) { return std::abs(x - first); });
    const double square =
        sum([&](double x) { return (x - first) * (x - first); });
    own.unsure_mean = std::abs(own.mean) + away;
    own.unsure_variance = (square + 2 * std::abs(own.mean - first) * away) /
                          (own.variance + epsilon);
  }
  return all;
}

/// Float32 roundings in the longest sum, plus those around it.
inline constexpr std::int64_t kBatchNormTerms = 32 + 16;

inline Bounded batch_norm(const Shape& shape, const Doubles& input,
                          const Doubles& scale, const Doubles& shift,
                          double epsilon) {
  Bounded output(count(shape));
  const auto channels = statistics(shape, input, epsilon);
  for_each(shape, [&](auto n, auto c, auto y, auto x) {
    const auto channel = static_cast<std::size_t>(c);
    const ChannelStatistics& own = channels[channel];
    const std::size_t i = at(shape, n, c, y, x);
    const double factor = scale[channel] / std::sqrt(own.variance + epsilon);
    const double away = input[i] - own.mean;
    output.value[i] = away * factor + shift[channel];
    output.magnitude[i] =
        std::abs(factor) *
            (std::abs(away) * (1 + own.unsure_variance) + own.unsure_mean) +
        std::abs(shift[channel]);
  });
  return output;
}

struct BatchNormGradients {
  Bounded input;
  Bounded scale;
  Bounded shift;
};

inline BatchNormGradients batch_norm_gradients(const Shape& shape,
                                               const Doubles& input,
                                               const Doubles& scale,
                                               const Doubles& output_gradient,
                                               double epsilon) {
  const auto channels = static_cast<std::size_t>(shape.channels);
  BatchNormGradients result{Bounded(count(shape)), Bounded(channels),
                            Bounded(channels)};
  const auto all = statistics(shape, input, epsilon);
  const double size =
      static_cast<double>(shape.batch * shape.height * shape.width);
  const auto normal = [&](std::size_t c, std::size_t i) {
    return (input[i] - all[c].mean) / std::sqrt(all[c].variance + epsilon);
  };
  // How unsure that is.
  const auto unsure = [&](std::size_t c, std::size_t i) {
    return std::abs(normal(c, i)) * (1 + all[c].unsure_variance) +
           all[c].unsure_mean / std::sqrt(all[c].variance + epsilon);
  };
  for_each(shape, [&](auto n, auto channel, auto y, auto x) {
    const auto c = static_cast<std::size_t>(channel);
    const std::size_t i = at(shape, n, channel, y, x);
    const double g = output_gradient[i];
    result.scale.value[c] += g * normal(c, i);
    result.scale.magnitude[c] += std::abs(g) * unsure(c, i);
    result.shift.value[c] += g;
    result.shift.magnitude[c] += std::abs(g);
  });
  for_each(shape, [&](auto n, auto channel, auto y, auto x) {
    const auto c = static_cast<std::size_t>(channel);
    const std::size_t i = at(shape, n, channel, y, x);
    const double factor = scale[c] / std::sqrt(all[c].variance + epsilon);
    const double g = output_gradient[i];
    result.input.value[i] =
        factor * (g - result.shift.value[c] / size -
                  normal(c, i) * result.scale.value[c] / size);
    result.input.magnitude[i] =
        std::abs(factor) * (1 + all[c].unsure_variance) *
        (std::abs(g) + result.shift.magnitude[c] / size +
         2 * unsure(c, i) * result.scale.magnitude[c] / size);
  });
  return result;
}

}  // namespace cnn::test
