/// @file
/// What a backend promises of pooling, checked against float64.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/chapters/04_cpu_cnn/layer_references.hpp"
#include "tests/chapters/04_cpu_cnn/on_backend.hpp"

namespace cnn::test {

/// Few different numbers, so that many windows have more than one maximum.
inline std::vector<float> coarse_floats(std::size_t size,
                                        std::uint64_t stream) {
  std::vector<float> values = random_floats(size, stream);
  for (float& value : values) value = std::round(4 * value) / 4;
  return values;
}

/// Maximum and mean of all windows, forward and back.
inline std::string complaints(Backend& backend, const PoolGeometry& pool) {
  OnBackend on(backend);
  const auto x = coarse_floats(count(pool.input), 1);
  const auto g = random_floats(count(pool.output()), 2);
  const Array input = on.activation(pool.input, x);
  const Array gradient = on.activation(pool.output(), g);
  const Array output = on.activation(pool.output());
  const Array input_gradient = on.activation(pool.input);
  const std::int64_t area = pool.size * pool.size;
  Complaints all;

  backend.max_pool_forward(pool, input, output);
  Bounded largest(g.size());  // exact: there is nothing to round
  largest.value = max_pool(pool, doubles(x));
  all.add("maximum", compare(on.read(pool.output(), output), largest, area));
  backend.max_pool_backward(pool, input, output, gradient, input_gradient);
  all.add("gradient of the maximum",
          compare(on.read(pool.input, input_gradient),
                  max_pool_gradient(pool, doubles(x), doubles(g)), area));

  backend.average_pool_forward(pool, input, output);
  all.add("mean", compare(on.read(pool.output(), output),
                          average_pool(pool, doubles(x)), area + 2));
  backend.average_pool_backward(pool, gradient, input_gradient);
  all.add("gradient of the mean",
          compare(on.read(pool.input, input_gradient),
                  average_pool_gradient(pool, doubles(g)), area + 2));
  return all.text();
}

}  // namespace cnn::test
