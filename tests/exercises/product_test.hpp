// What the tests of products share: factors of small whole numbers, so that
// every sum is exact, in any order.
#pragma once

#include <vector>

#include "tests/exercises/kernel_test.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// c = a b; a is m x k, b is k x n, all row by row.
struct SmallProduct {
  int m;
  int n;
  int k;
  std::vector<float> a;
  std::vector<float> b;
  std::vector<float> c;
};

/// Different numbers from -5 to 5 in an order without a pattern.
inline std::vector<float> small_numbers(int size, int factor) {
  std::vector<float> numbers;
  for (int i = 0; i < size; ++i) {
    numbers.push_back(static_cast<float>(i * factor % 11 - 5));
  }
  return numbers;
}

inline SmallProduct small_product(int m, int n, int k) {
  SmallProduct product{
      m, n, k, small_numbers(m * k, 7), small_numbers(k * n, 3), {}};
  const auto at = [](const std::vector<float>& numbers, int index) {
    return numbers[static_cast<std::size_t>(index)];
  };
  for (int i = 0; i < m * n; ++i) {
    float sum = 0;
    for (int term = 0; term < k; ++term) {
      sum += at(product.a, i / n * k + term) * at(product.b, term * n + i % n);
    }
    product.c.push_back(sum);
  }
  return product;
}

/// Runs multiply(stream, a, b, c) on this product and compares c.
template <class Multiply>
void expect_product(const SmallProduct& product, const Multiply& multiply) {
  const auto a = on_device(product.a);
  const auto b = on_device(product.b);
  DeviceBuffer<float> c(product.c.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    multiply(stream, a.data(), b.data(), c.data());
  })) << product.m
      << " x " << product.n << ", " << product.k << " terms";
  EXPECT_EQ(on_host(c), product.c)
      << product.m << " x " << product.n << ", " << product.k << " terms";
}

}  // namespace CNN_GPU
}  // namespace cnn
