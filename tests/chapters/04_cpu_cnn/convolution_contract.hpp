/// @file
/// What a backend promises of a convolution, checked against float64.
#pragma once

#include <string>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "tests/chapters/04_cpu_cnn/layer_references.hpp"
#include "tests/chapters/04_cpu_cnn/on_backend.hpp"

namespace cnn::test {

/// A convolution with its bias, before ReLU and pooling.
inline Bounded convolution_with_bias(const ConvolutionGeometry& g,
                                     const RandomProblem& problem,
                                     const std::vector<float>& bias) {
  const Shape full = g.output_shape();
  const ReferenceResult without =
      reference_forward(g, problem.input.values(), problem.filter.values());
  Bounded sums(count(full));
  for_each(full, [&](auto n, auto c, auto y, auto x) {
    const double added = double{bias[static_cast<std::size_t>(c)]};
    const std::size_t i = at(full, n, c, y, x);
    sums.value[i] = without.value[i] + added;
    sums.magnitude[i] = without.magnitude[i] + std::abs(added);
  });
  return sums;
}

/// Forward and all three gradients of one block, which the backend must fuse.
inline std::string complaints(Backend& backend, const ConvolutionBlock& block) {
  OnBackend on(backend);
  const ConvolutionGeometry& g = block.geometry;
  const RandomProblem problem(g, 3);
  const auto vector = [](const Tensor& tensor) {
    return std::vector<float>(tensor.values().begin(), tensor.values().end());
  };
  const auto b = random_floats(static_cast<std::size_t>(g.output_channels), 5);
  const auto dy = random_floats(count(block.output()), 6);

  backend.reserve_convolution(block);
  const Array input = on.activation(g.input_shape(), vector(problem.input));
  const Array filter = on.plain(vector(problem.filter));
  const Array output = on.activation(block.output());
  const ByteArray winners = backend.allocate_bytes(backend.winners_size(block));
  backend.convolution_forward(block, input, filter, on.plain(b), output,
                              winners);

  const Bounded sums = convolution_with_bias(g, problem, b);
  const PoolGeometry pool{g.output_shape(), block.pool, block.pool};
  Bounded expected(dy.size());
  expected.value = max_pool(pool, sums.value);
  expected.magnitude = max_pool(pool, sums.magnitude);
  Doubles returning = doubles(dy);
  for (std::size_t i = 0; i < dy.size(); ++i) {
    if (!block.relu || expected.value[i] > 0) continue;
    expected.value[i] = 0;
    returning[i] = 0;
  }
  Complaints all;
  all.add("output",
          compare(on.read(block.output(), output), expected, g.terms() + 1));

  // The references of chapter 1 take float32: these came from there.
  const Doubles back = max_pool_gradient(pool, sums.value, returning).value;
  const std::vector<float> full_gradient(back.begin(), back.end());
  const Array gradient = on.activation(block.output(), dy);
  const Array dx = on.activation(g.input_shape());
  backend.convolution_backward_input(block, gradient, winners, filter, dx);
  all.add("input gradient",
          compare(on.read(g.input_shape(), dx),
                  reference_backward_input(g, full_gradient,
                                           problem.filter.values()),
                  backward_input_terms(g)));

  const Array dw = on.zeros(g.filter_shape().size());
  const Array db = on.zeros(g.output_channels);
  backend.convolution_backward_filter(block, input, gradient, winners, dw, db);
  all.add("filter gradient",
          compare(on.read_plain(dw, count(g.filter_shape())),
                  reference_backward_filter(g, problem.input.values(),
                                            full_gradient),
                  backward_filter_terms(g)));
  all.add("bias gradient", compare(on.read_plain(db, b.size()),
                                   channel_sums(g.output_shape(), back),
                                   backward_filter_terms(g)));
  return all.text();
}

}  // namespace cnn::test
