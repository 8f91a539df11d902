#include "chapters/02_im2col_strided_views/matrix_product.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <stdexcept>
#include <vector>

#include "common/error_bound.hpp"
#include "common/random.hpp"

namespace {

using namespace cnn;

std::vector<float> random_numbers(std::int64_t size, std::uint64_t stream) {
  std::vector<float> numbers(static_cast<std::size_t>(size));
  Random(11, stream).fill_uniform(numbers, -1, 1);
  return numbers;
}

/// c + a b in float64, whatever the strides.
Comparison judge(const StridedView<const float>& a,
                 const StridedView<const float>& b, std::span<const float> c,
                 const std::vector<float>& before) {
  const std::int64_t columns = b.shape()[1];
  std::vector<double> value(before.begin(), before.end());
  std::vector<double> magnitude;
  for (const float number : before) magnitude.push_back(std::abs(number));
  for (std::int64_t i = 0; i < a.shape()[0]; ++i)
    for (std::int64_t j = 0; j < columns; ++j)
      for (std::int64_t k = 0; k < a.shape()[1]; ++k) {
        const auto at = static_cast<std::size_t>(i * columns + j);
        const double product = double{a({i, k})} * double{b({k, j})};
        value[at] += product;
        magnitude[at] += std::abs(product);
      }
  return compare(c, {value, magnitude}, a.shape()[1] + 1);
}

TEST(MultiplyAdd, AddsTheProductForEveryLayout) {
  const Random random(12);
  std::uint64_t drawn = 0;
  for (int round = 0; round < 60; ++round) {
    const auto m = 1 + static_cast<std::int64_t>(random.below(drawn++, 33));
    const auto n = 1 + static_cast<std::int64_t>(random.below(drawn++, 33));
    const auto k = 1 + static_cast<std::int64_t>(random.below(drawn++, 33));
    const auto a = random_numbers(m * k, drawn++);
    const auto b = random_numbers(k * n, drawn++);
    const auto before = random_numbers(m * n, drawn++);
    for (const bool a_transposed : {false, true})
      for (const bool b_transposed : {false, true}) {
        const auto left = a_transposed
                              ? row_major(std::span(a), {k, m}).transposed()
                              : row_major(std::span(a), {m, k});
        const auto right = b_transposed
                               ? row_major(std::span(b), {n, k}).transposed()
                               : row_major(std::span(b), {k, n});
        std::vector<float> c = before;
        multiply_add(left, right, row_major(std::span(c), {m, n}));
        const Comparison outcome = judge(left, right, c, before);
        ASSERT_TRUE(outcome.passed()) << describe(outcome);
      }
  }
}

TEST(MultiplyAdd, WritesThroughTheStridesOfItsResult) {
  const std::vector<float> a{1, 2, 3, 4};
  const std::vector<float> b{5, 6, 7, 8};
  std::vector<float> c(4, 0);
  multiply_add(row_major(std::span(a), {2, 2}), row_major(std::span(b), {2, 2}),
               row_major(std::span(c), {2, 2}).transposed());
  EXPECT_EQ(c, (std::vector<float>{19, 43, 22, 50}));
}

TEST(MultiplyAdd, RefusesShapesThatDoNotFit) {
  const std::vector<float> memory(24, 1);
  std::vector<float> result(24, 0);
  const std::span<const float> m(memory);
  const std::span<float> r(result);
  const auto matrix = row_major(m.first(6), {2, 3});
  EXPECT_THROW(multiply_add(matrix, matrix, row_major(r.first(6), {2, 3})),
               std::invalid_argument);
  EXPECT_THROW(multiply_add(matrix, row_major(m.first(12), {3, 4}),
                            row_major(r.first(9), {3, 3})),
               std::invalid_argument);
  EXPECT_THROW(multiply_add(row_major(m, {2, 3, 4}), matrix,
                            row_major(r.first(6), {2, 3})),
               std::invalid_argument);
}

}  // namespace
