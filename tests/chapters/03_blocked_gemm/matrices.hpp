/// @file
/// Matrices, and the judge of their products, for the tests of chapter 3.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "chapters/02_im2col_strided_views/strided_view.hpp"
#include "chapters/03_blocked_gemm/gemm.hpp"
#include "common/error_bound.hpp"
#include "common/random.hpp"

namespace cnn::test {

/// A random matrix that may lie transposed in memory, with NaN between its rows
/// (`gap` of them behind each): whoever reads those is found out.
struct Matrix {
  Matrix(std::int64_t rows, std::int64_t columns, std::uint64_t stream,
         bool transposed = false, std::int64_t gap = 0)
      : shape{rows, columns} {
    const std::int64_t lines = transposed ? columns : rows;
    const std::int64_t length = transposed ? rows : columns;
    numbers.resize(static_cast<std::size_t>(lines * (length + gap)));
    Random(31, stream).fill_uniform(numbers, -1, 1);
    for (std::int64_t line = 0; line < lines; ++line) {
      for (std::int64_t i = length; i < length + gap; ++i) {
        numbers[static_cast<std::size_t>(line * (length + gap) + i)] =
            std::numeric_limits<float>::quiet_NaN();
      }
    }
    strides = transposed ? Axes{1, length + gap} : Axes{length + gap, 1};
  }

  StridedView<float> view() {
    return as_strided(std::span(numbers), shape, strides);
  }
  StridedView<const float> view() const {
    return as_strided(std::span(numbers), shape, strides);
  }
  std::vector<float> dense() const {
    std::vector<float> values(static_cast<std::size_t>(element_count(shape)));
    materialise(view(), values);
    return values;
  }

  Axes shape;
  Axes strides{0, 0};
  std::vector<float> numbers;
};

/// What gemm() is to compute, in float64, and a bound for it: the products, the
/// scaling of each, beta * C and the bias make terms + 4 roundings; ReLU makes
/// none and enlarges no error.
inline Comparison judge(const StridedView<const float>& a,
                        const StridedView<const float>& b,
                        const std::vector<float>& before,
                        const GemmOptions& options,
                        const std::vector<float>& actual) {
  const std::int64_t terms = a.shape()[1];
  const std::int64_t columns = b.shape()[1];
  const auto dense = [](const StridedView<const float>& matrix) {
    std::vector<float> numbers(
        static_cast<std::size_t>(element_count(matrix.shape())));
    materialise(matrix, numbers);
    return numbers;
  };
  const std::vector<float> left = dense(a);
  const std::vector<float> right = dense(b.transposed());
  std::vector<double> value(actual.size());
  std::vector<double> magnitude(actual.size());
  for (std::int64_t i = 0; i < a.shape()[0]; ++i)
    for (std::int64_t j = 0; j < columns; ++j) {
      const auto at = static_cast<std::size_t>(i * columns + j);
      const auto add = [&](double term) {
        value[at] += term;
        magnitude[at] += std::abs(term);
      };
      for (std::int64_t k = 0; k < terms; ++k)
        add(double{options.alpha} *
            double{left[static_cast<std::size_t>(i * terms + k)]} *
            double{right[static_cast<std::size_t>(j * terms + k)]});
      if (options.beta != 0) add(double{options.beta} * before[at]);
      const Epilogue& epilogue = options.epilogue;
      if (epilogue.row_bias != nullptr) add(epilogue.row_bias[i]);
      if (epilogue.column_bias != nullptr) add(epilogue.column_bias[j]);
      if (epilogue.relu && value[at] < 0) value[at] = 0;
    }
  return compare(actual, {value, magnitude}, terms + 4);
}

}  // namespace cnn::test
