/// @file
/// A direct convolution with its arrays, and what they should hold.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/03_blocked_gemm/direct_convolution.hpp"
#include "common/error_bound.hpp"
#include "common/random.hpp"

namespace cnn::test {

/// Numbers in channels-last order from NCHW.
inline std::vector<float> arranged(const ChannelsLast& layout,
                                   std::span<const float> nchw) {
  std::vector<float> last(static_cast<std::size_t>(layout.size()), NAN);
  to_channels_last(layout, nchw, last);
  return last;
}

/// And back.
inline std::vector<float> plain(const ChannelsLast& layout,
                                std::span<const float> last) {
  std::vector<float> nchw(static_cast<std::size_t>(
      layout.batch * layout.channels * layout.height * layout.width));
  from_channels_last(layout, last, nchw);
  return nchw;
}

/// How many numbers behind a pixel's channels are not 0.
inline int dirty_gaps(const ChannelsLast& layout, std::span<const float> last) {
  int dirty = 0;
  for (std::size_t i = 0; i < last.size(); ++i) {
    const auto c = static_cast<std::int64_t>(i) % layout.pixel;
    if (c >= layout.channels && !(last[i] == 0.0F)) ++dirty;
  }
  return dirty;
}

/// Runs all three directions on random numbers. Results begin as NaN.
struct DirectCase {
  ConvolutionGeometry geometry;
  DirectOptions options;
  RandomProblem problem;
  DirectConvolution direct;
  ChannelsLast in = direct.input_layout();
  ChannelsLast out = direct.output_layout();
  std::vector<float> bias;
  std::vector<float> input = arranged(in, problem.input.values());
  std::vector<float> output = nan(out.size());
  std::vector<std::uint8_t> winners;
  std::vector<float> output_gradient;  ///< as large as the pooled output
  std::vector<float> input_gradient = nan(in.size());
  std::vector<float> filter_gradient = nan(problem.filter.size());
  std::vector<float> bias_gradient;

  DirectCase(const ConvolutionGeometry& sizes, const DirectOptions& wishes,
             std::uint64_t seed)
      : geometry(sizes),
        options(wishes),
        problem(sizes, seed),
        direct(sizes, wishes),
        bias(static_cast<std::size_t>(sizes.output_channels)),
        winners(direct.has_winners() ? static_cast<std::size_t>(out.size())
                                     : 0),
        bias_gradient(bias.size(), NAN) {
    Random(seed, 10).fill_uniform(bias, -1, 1);
    std::vector<float> gradient(plain(out, output).size());
    Random(seed, 11).fill_uniform(gradient, -1, 1);
    output_gradient = arranged(out, gradient);
  }

  static std::vector<float> nan(std::int64_t size) {
    return std::vector<float>(static_cast<std::size_t>(size), NAN);
  }

  void run() {
    const auto filter = std::as_const(problem.filter).values();
    direct.forward(input, filter, bias, output, winners);
    direct.backward_input(output_gradient, winners, filter, input_gradient);
    direct.backward_filter(input, output_gradient, winners, filter_gradient,
                           bias_gradient);
  }

  std::string name() const {
    return std::string(name_of(options.isa)) + ", " + to_string(geometry) +
           (options.relu ? ", relu" : "") + ", pool " +
           std::to_string(options.pool);
  }
};

/// The convolution with its bias, in float64: one product more in each sum.
inline ReferenceResult reference_sums(const DirectCase& c) {
  ReferenceResult sums = reference_forward(c.geometry, c.problem.input.values(),
                                           c.problem.filter.values());
  const Shape shape = c.geometry.output_shape();
  for (std::int64_t i = 0; i < shape.size(); ++i) {
    const auto o = static_cast<std::size_t>(i / (shape.height * shape.width) %
                                            shape.channels);
    sums.value[static_cast<std::size_t>(i)] += double{c.bias[o]};
    sums.magnitude[static_cast<std::size_t>(i)] += std::abs(double{c.bias[o]});
  }
  return sums;
}

/// relu() and pooling by plain loops. The bound of a maximum is the largest of
/// those of the window: max() moves no further than what it chooses from.
inline ReferenceResult reference_output(const DirectCase& c) {
  const ReferenceResult sums = reference_sums(c);
  const Shape from = c.geometry.output_shape();
  const std::int64_t pool = c.options.pool;
  const Shape to{from.batch, from.channels, from.height / pool,
                 from.width / pool};
  ReferenceResult result(to);
  for (std::int64_t n = 0; n < to.batch; ++n)
    for (std::int64_t o = 0; o < to.channels; ++o)
      for (std::int64_t y = 0; y < to.height; ++y)
        for (std::int64_t x = 0; x < to.width; ++x) {
          double value = c.options.relu ? 0 : -INFINITY;
          double magnitude = 0;
          for (std::int64_t i = 0; i < pool * pool; ++i) {
            const std::size_t at =
                offset(from, n, o, y * pool + i / pool, x * pool + i % pool);
            value = std::max(value, sums.value[at]);
            magnitude = std::max(magnitude, sums.magnitude[at]);
          }
          result.value[offset(to, n, o, y, x)] = value;
          result.magnitude[offset(to, n, o, y, x)] = magnitude;
        }
  return result;
}

/// The gradient before pooling, NCHW: what each winner gets.
inline std::vector<float> unpooled_gradient(const DirectCase& c) {
  const Shape shape = c.geometry.output_shape();
  std::vector<float> dense(static_cast<std::size_t>(shape.size()));
  const std::int64_t pool = c.options.pool;
  for (std::int64_t i = 0; i < c.out.size(); ++i) {
    const std::int64_t o = i % c.out.pixel;
    if (o >= c.out.channels) continue;
    const std::int64_t x = i / c.out.pixel % c.out.width;
    const std::int64_t y = i / c.out.pixel / c.out.width % c.out.height;
    const std::int64_t n = i / c.out.pixel / c.out.width / c.out.height;
    const auto at = static_cast<std::size_t>(i);
    std::int64_t winner = 0;
    if (!c.winners.empty()) {
      winner = c.winners[at];
      if (winner == DirectConvolution::kNobody) continue;
    }
    dense[offset(shape, n, o, y * pool + winner / pool,
                 x * pool + winner % pool)] = c.output_gradient[at];
  }
  return dense;
}

/// Each result of a case with what it should be.
inline Comparison judge_output(const DirectCase& c) {
  return compare(plain(c.out, c.output), reference_output(c),
                 c.geometry.terms() + 1);
}

inline Comparison judge_input_gradient(const DirectCase& c) {
  return compare(plain(c.in, c.input_gradient),
                 reference_backward_input(c.geometry, unpooled_gradient(c),
                                          c.problem.filter.values()),
                 backward_input_terms(c.geometry));
}

inline Comparison judge_filter_gradient(const DirectCase& c) {
  return compare(c.filter_gradient,
                 reference_backward_filter(c.geometry, c.problem.input.values(),
                                           unpooled_gradient(c)),
                 backward_filter_terms(c.geometry));
}

inline Comparison judge_bias_gradient(const DirectCase& c) {
  const Shape shape = c.geometry.output_shape();
  const std::vector<float> dense = unpooled_gradient(c);
  ReferenceResult sums(Shape{1, shape.channels, 1, 1});
  for (std::size_t i = 0; i < dense.size(); ++i) {
    const auto plane = static_cast<std::size_t>(shape.height * shape.width);
    const std::size_t o = i / plane % static_cast<std::size_t>(shape.channels);
    sums.value[o] += double{dense[i]};
    sums.magnitude[o] += std::abs(double{dense[i]});
  }
  return compare(c.bias_gradient, sums, backward_filter_terms(c.geometry));
}

}  // namespace cnn::test
