/// @file
/// What a backend promises of a dense layer, checked against float64.
#pragma once

#include <algorithm>
#include <string>

#include "tests/chapters/04_cpu_cnn/layer_references.hpp"
#include "tests/chapters/04_cpu_cnn/on_backend.hpp"

namespace cnn::test {

/// Forward, with and without ReLU, and all three gradients.
/// @param float32_sums the sum for the bias is float32 from end to end
inline std::string complaints(Backend& backend, const DenseGeometry& g,
                              bool float32_sums) {
  OnBackend on(backend);
  backend.reserve_dense(g);
  const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
  const auto x = random_floats(size(g.batch * g.inputs), 1);
  const auto w = random_floats(size(g.outputs * g.inputs), 2);
  const auto b = random_floats(size(g.outputs), 3);
  const auto dy = random_floats(size(g.batch * g.outputs), 4);
  const Array input = on.plain(x);
  const Array weight = on.plain(w);
  const Array bias = on.plain(b);
  const Array gradient = on.plain(dy);
  Complaints all;

  const Array output = on.zeros(g.batch * g.outputs);
  backend.dense_forward(g, input, weight, bias, output, false);
  Bounded y = test::dense_forward(g, doubles(x), doubles(w), doubles(b));
  all.add("output", compare(on.read_plain(output, dy.size()), y, g.inputs + 1));
  backend.dense_forward(g, input, weight, bias, output, true);
  for (double& value : y.value) value = std::max(value, 0.0);
  all.add("output with ReLU",
          compare(on.read_plain(output, dy.size()), y, g.inputs + 1));

  const Array dx = on.zeros(g.batch * g.inputs);
  backend.dense_backward_input(g, gradient, weight, dx);
  all.add("input gradient",
          compare(on.read_plain(dx, x.size()),
                  test::dense_backward_input(g, doubles(dy), doubles(w)),
                  g.outputs));

  const Array dw = on.zeros(g.outputs * g.inputs);
  const Array db = on.zeros(g.outputs);
  backend.dense_backward_weight(g, input, gradient, dw, db);
  all.add("weight gradient",
          compare(on.read_plain(dw, w.size()),
                  test::dense_backward_weight(g, doubles(x), doubles(dy)),
                  g.batch));
  all.add("bias gradient",
          compare(on.read_plain(db, b.size()),
                  channel_sums({g.batch, g.outputs, 1, 1}, doubles(dy)),
                  float32_sums ? g.batch : 1));
  return all.text();
}

}  // namespace cnn::test
