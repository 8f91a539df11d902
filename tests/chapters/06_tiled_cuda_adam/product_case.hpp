// Products to be computed on a device, and the judge of what came of them.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "chapters/06_tiled_cuda_adam/product.hpp"
#include "common/error_bound.hpp"
#include "common/random.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// `rows` rows of random numbers with `gap` NaN behind each: whoever reads
/// those is found out.
inline std::vector<float> random_rows(int rows, int columns, int gap,
                                      std::uint64_t stream) {
  const std::size_t step =
      static_cast<std::size_t>(columns) + static_cast<std::size_t>(gap);
  std::vector<float> numbers(static_cast<std::size_t>(rows) * step);
  Random(31, stream).fill_uniform(numbers, -1, 1);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i % step >= static_cast<std::size_t>(columns)) {
      numbers[i] = std::numeric_limits<float>::quiet_NaN();
    }
  }
  return numbers;
}

/// Sizes, form, and how far rows lie apart beyond their lengths.
struct ProductShape {
  int m = 1;
  int n = 1;
  int k = 1;
  int gap = 0;
  bool transpose_a = false;
  bool transpose_b = false;
  bool bias = false;
  bool relu = false;
};

inline std::ostream& operator<<(std::ostream& out, const ProductShape& shape) {
  return out << shape.m << " x " << shape.n << " x " << shape.k << ", gap "
             << shape.gap << (shape.transpose_a ? ", a transposed" : "")
             << (shape.transpose_b ? ", b transposed" : "")
             << (shape.bias ? ", bias" : "") << (shape.relu ? ", ReLU" : "");
}

/// One product, its factors random, its result filled with -77 beforehand.
class ProductCase {
 public:
  static constexpr float kUntouched = -77;

  explicit ProductCase(const ProductShape& shape)
      : shape_(shape),
        a_(shape.transpose_a ? random_rows(shape.k, shape.m, shape.gap, 1)
                             : random_rows(shape.m, shape.k, shape.gap, 1)),
        b_(shape.transpose_b ? random_rows(shape.n, shape.k, shape.gap, 2)
                             : random_rows(shape.k, shape.n, shape.gap, 2)),
        bias_(random_rows(1, shape.n, 0, 3)),
        before_(static_cast<std::size_t>(shape.m) *
                    static_cast<std::size_t>(shape.n + shape.gap),
                kUntouched),
        device_a_(on_device(a_)),
        device_b_(on_device(b_)),
        device_bias_(on_device(bias_)),
        device_c_(on_device(before_)) {}

  Product product() {
    const auto& [m, n, k, gap, transpose_a, transpose_b, bias, relu] = shape_;
    return {m,
            n,
            k,
            device_a_.data(),
            (transpose_a ? m : k) + gap,
            device_b_.data(),
            (transpose_b ? k : n) + gap,
            device_c_.data(),
            n + gap};
  }
  ProductForm form() const {
    return {shape_.transpose_a, shape_.transpose_b,
            shape_.bias ? device_bias_.data() : nullptr, shape_.relu};
  }
  const Stream& stream() const { return stream_; }

  /// All of c, gaps too.
  std::vector<float> result() const { return on_host(device_c_, stream_); }

  /// What lies in c, against float64: a sum of k products and the bias is k + 1
  /// terms; ReLU makes no error and enlarges none. Gaps of c must be untouched.
  Comparison judge() const {
    const std::vector<float> all = result();
    std::vector<float> actual;
    std::vector<double> value;
    std::vector<double> magnitude;
    for (int i = 0; i < shape_.m; ++i)
      for (int j = 0; j < shape_.n + shape_.gap; ++j) {
        const float is =
            all[static_cast<std::size_t>(i) *
                    static_cast<std::size_t>(shape_.n + shape_.gap) +
                static_cast<std::size_t>(j)];
        if (j >= shape_.n) {
          EXPECT_EQ(is, kUntouched) << "a gap of row " << i << " was written";
          continue;
        }
        const auto [sum, size] = reference(i, j);
        actual.push_back(is);
        value.push_back(sum);
        magnitude.push_back(size);
      }
    return compare(actual, {value, magnitude}, shape_.k + 1);
  }

 private:
  struct Exact {
    double value;
    double magnitude;
  };

  static double at(const std::vector<float>& matrix, bool transposed,
                   int columns, int gap, int row, int column) {
    const int line = transposed ? column : row;
    const int place = transposed ? row : column;
    return matrix[static_cast<std::size_t>(line) *
                      static_cast<std::size_t>(columns + gap) +
                  static_cast<std::size_t>(place)];
  }

  Exact reference(int row, int column) const {
    const auto& [m, n, k, gap, transpose_a, transpose_b, bias, relu] = shape_;
    Exact sum{0, 0};
    for (int i = 0; i < k; ++i) {
      const double term =
          at(a_, transpose_a, transpose_a ? m : k, gap, row, i) *
          at(b_, transpose_b, transpose_b ? k : n, gap, i, column);
      sum.value += term;
      sum.magnitude += std::abs(term);
    }
    if (bias) {
      const double term = bias_[static_cast<std::size_t>(column)];
      sum.value += term;
      sum.magnitude += std::abs(term);
    }
    if (relu && sum.value < 0) sum.value = 0;
    return sum;
  }

  ProductShape shape_;
  Stream stream_;
  std::vector<float> a_;
  std::vector<float> b_;
  std::vector<float> bias_;
  std::vector<float> before_;
  DeviceBuffer<float> device_a_;
  DeviceBuffer<float> device_b_;
  DeviceBuffer<float> device_bias_;
  DeviceBuffer<float> device_c_;
};

}  // namespace CNN_GPU
}  // namespace cnn
