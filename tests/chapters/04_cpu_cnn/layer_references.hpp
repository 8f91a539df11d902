/// @file
/// Every layer once more, in float64 and as plainly as can be: NCHW, one loop
/// for each index, no sharing of code with the chapter. Each comes with the
/// magnitude that scales the error which float32 may have. The gradients here
/// are themselves checked, against finite differences, in test_gradients.cpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "common/error_bound.hpp"
#include "common/random.hpp"

namespace cnn::test {

using Doubles = std::vector<double>;

/// A value and how large its parts were.
struct Bounded {
  Doubles value;
  Doubles magnitude;
  explicit Bounded(std::size_t size) : value(size), magnitude(size) {}
  operator Reference() const { return {value, magnitude}; }
};

inline std::size_t count(const Shape& shape) {
  return static_cast<std::size_t>(shape.size());
}

inline std::vector<float> random_floats(std::size_t size, std::uint64_t stream,
                                        float low = -1, float high = 1) {
  std::vector<float> values(size);
  Random(17, stream).fill_uniform(values, low, high);
  return values;
}

inline Doubles doubles(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

/// Where element (n, c, y, x) lies.
inline std::size_t at(const Shape& shape, std::int64_t n, std::int64_t c,
                      std::int64_t y, std::int64_t x) {
  return offset(shape, n, c, y, x);
}

/// Calls body(n, c, y, x) for every element.
template <class Body>
void for_each(const Shape& shape, const Body& body) {
  for (std::int64_t n = 0; n < shape.batch; ++n) {
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      for (std::int64_t y = 0; y < shape.height; ++y) {
        for (std::int64_t x = 0; x < shape.width; ++x) body(n, c, y, x);
      }
    }
  }
}

// --- pooling ---------------------------------------------------------------

/// Which input element won each window: the first of the largest.
inline std::vector<std::size_t> winners(const PoolGeometry& pool,
                                        const Doubles& input) {
  std::vector<std::size_t> result(count(pool.output()));
  for_each(pool.output(), [&](auto n, auto c, auto y, auto x) {
    std::size_t best = at(pool.input, n, c, y * pool.stride, x * pool.stride);
    for (std::int64_t ky = 0; ky < pool.size; ++ky) {
      for (std::int64_t kx = 0; kx < pool.size; ++kx) {
        const std::size_t other =
            at(pool.input, n, c, y * pool.stride + ky, x * pool.stride + kx);
        if (input[other] > input[best]) best = other;
      }
    }
    result[at(pool.output(), n, c, y, x)] = best;
  });
  return result;
}

inline Doubles max_pool(const PoolGeometry& pool, const Doubles& input) {
  Doubles output;
  for (const std::size_t winner : winners(pool, input)) {
    output.push_back(input[winner]);
  }
  return output;
}

inline Bounded max_pool_gradient(const PoolGeometry& pool, const Doubles& input,
                                 const Doubles& output_gradient) {
  Bounded gradient(count(pool.input));
  const auto won = winners(pool, input);
  for (std::size_t i = 0; i < won.size(); ++i) {
    gradient.value[won[i]] += output_gradient[i];
    gradient.magnitude[won[i]] += std::abs(output_gradient[i]);
  }
  return gradient;
}

inline Bounded average_pool(const PoolGeometry& pool, const Doubles& input) {
  Bounded output(count(pool.output()));
  const double area = static_cast<double>(pool.size * pool.size);
  for_each(pool.output(), [&](auto n, auto c, auto y, auto x) {
    const std::size_t to = at(pool.output(), n, c, y, x);
    for (std::int64_t k = 0; k < pool.size * pool.size; ++k) {
      const double part =
          input[at(pool.input, n, c, y * pool.stride + k / pool.size,
                   x * pool.stride + k % pool.size)] /
          area;
      output.value[to] += part;
      output.magnitude[to] += std::abs(part);
    }
  });
  return output;
}

inline Bounded average_pool_gradient(const PoolGeometry& pool,
                                     const Doubles& output_gradient) {
  Bounded gradient(count(pool.input));
  const double area = static_cast<double>(pool.size * pool.size);
  for_each(pool.output(), [&](auto n, auto c, auto y, auto x) {
    const double part = output_gradient[at(pool.output(), n, c, y, x)] / area;
    for (std::int64_t k = 0; k < pool.size * pool.size; ++k) {
      const std::size_t to =
          at(pool.input, n, c, y * pool.stride + k / pool.size,
             x * pool.stride + k % pool.size);
      gradient.value[to] += part;
      gradient.magnitude[to] += std::abs(part);
    }
  });
  return gradient;
}

// --- dense -----------------------------------------------------------------

/// sum over k of a(i, k) b(j, k), for i < rows and j < columns.
template <class A, class B>
Bounded products(std::int64_t rows, std::int64_t columns, std::int64_t terms,
                 const A& a, const B& b) {
  Bounded result(static_cast<std::size_t>(rows * columns));
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      const auto to = static_cast<std::size_t>(i * columns + j);
      for (std::int64_t k = 0; k < terms; ++k) {
        const double part = a(i, k) * b(j, k);
        result.value[to] += part;
        result.magnitude[to] += std::abs(part);
      }
    }
  }
  return result;
}

inline double element(const Doubles& matrix, std::int64_t columns,
                      std::int64_t row, std::int64_t column) {
  return matrix[static_cast<std::size_t>(row * columns + column)];
}

inline Bounded dense_forward(const DenseGeometry& g, const Doubles& input,
                             const Doubles& weight, const Doubles& bias) {
  Bounded output = products(
      g.batch, g.outputs, g.inputs,
      [&](auto n, auto k) { return element(input, g.inputs, n, k); },
      [&](auto o, auto k) { return element(weight, g.inputs, o, k); });
  for (std::size_t i = 0; i < output.value.size(); ++i) {
    const double added = bias[i % static_cast<std::size_t>(g.outputs)];
    output.value[i] += added;
    output.magnitude[i] += std::abs(added);
  }
  return output;
}

inline Bounded dense_backward_input(const DenseGeometry& g,
                                    const Doubles& output_gradient,
                                    const Doubles& weight) {
  return products(
      g.batch, g.inputs, g.outputs,
      [&](auto n, auto o) { return element(output_gradient, g.outputs, n, o); },
      [&](auto i, auto o) { return element(weight, g.inputs, o, i); });
}

inline Bounded dense_backward_weight(const DenseGeometry& g,
                                     const Doubles& input,
                                     const Doubles& output_gradient) {
  return products(
      g.outputs, g.inputs, g.batch,
      [&](auto o, auto n) { return element(output_gradient, g.outputs, n, o); },
      [&](auto i, auto n) { return element(input, g.inputs, n, i); });
}

/// The sum over batch, height and width of each channel.
inline Bounded channel_sums(const Shape& shape, const Doubles& values) {
  Bounded sums(static_cast<std::size_t>(shape.channels));
  for_each(shape, [&](auto n, auto c, auto y, auto x) {
    const double value = values[at(shape, n, c, y, x)];
    sums.value[static_cast<std::size_t>(c)] += value;
    sums.magnitude[static_cast<std::size_t>(c)] += std::abs(value);
  });
  return sums;
}

// --- softmax cross-entropy ---------------------------------------------------

struct SoftmaxReference {
  Bounded gradient;
  double loss = 0;
  double loss_magnitude = 0;
  double right = 0;
};

/// exp(z) in float32 has the relative error of exp itself and the absolute one
/// of z: hence 1 + |z - max|.
inline SoftmaxReference softmax(std::int64_t batch, std::int64_t classes,
                                const Doubles& logits,
                                const std::vector<std::uint8_t>& labels) {
  SoftmaxReference result{Bounded(logits.size())};
  const auto width = static_cast<std::size_t>(classes);
  for (std::size_t n = 0; n < static_cast<std::size_t>(batch); ++n) {
    if (labels[n] == 255) continue;
    const auto row = std::span(logits).subspan(n * width, width);
    const auto largest = std::max_element(row.begin(), row.end());
    double sum = 0;
    double unsure = 0;
    for (const double z : row) {
      const double e = std::exp(z - *largest);
      sum += e;
      unsure += e * (1 + *largest - z);
    }
    unsure /= sum;
    const double label = row[labels[n]];
    result.loss += std::log(sum) + *largest - label;
    result.loss_magnitude += std::log(sum) + *largest - label + unsure;
    result.right += largest - row.begin() == labels[n];
    for (std::size_t i = 0; i < width; ++i) {
      const double p = std::exp(row[i] - *largest) / sum;
      const double hot = i == labels[n] ? 1 : 0;
      const double share = 1 / static_cast<double>(batch);
      result.gradient.value[n * width + i] = (p - hot) * share;
      result.gradient.magnitude[n * width + i] =
          (p * (1 + *largest - row[i] + unsure) + hot) * share;
    }
  }
  return result;
}

}  // namespace cnn::test
