#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "chapters/01_naive_convolution/reference.hpp"
#include "common/random.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

std::vector<float> random_numbers(std::int64_t count, std::uint64_t stream) {
  std::vector<float> numbers(static_cast<std::size_t>(count));
  Random(7, stream).fill_uniform(numbers, -1, 1);
  return numbers;
}

Comparison check(const StridedView<const float>& a,
                 const StridedView<const float>& b, const Axes& shape,
                 std::span<const float> c) {
  const std::int64_t terms = a.shape()[2];
  ReferenceResult expected({1, shape[0], shape[1], shape[2]});
  std::size_t at = 0;
  for (std::int64_t n = 0; n < shape[0]; ++n)
    for (std::int64_t i = 0; i < shape[1]; ++i)
      for (std::int64_t j = 0; j < shape[2]; ++j, ++at)
        for (std::int64_t k = 0; k < terms; ++k) {
          const double product = double{a({n, i, k})} * b({n, k, j});
          expected.value[at] += product;
          expected.magnitude[at] += std::abs(product);
        }
  return compare(c, expected, terms);
}

TEST(MultiplyBatch, MultipliesEach) {
  const auto a = random_numbers(9 * 5 * 13, 0);
  const auto b = random_numbers(9 * 13 * 7, 1);
  const auto left = row_major(std::span(a), {9, 5, 13});
  const auto right = row_major(std::span(b), {9, 13, 7});
  std::vector<std::vector<float>> results;
  for (const int threads : {1, 2, 3}) {
    std::vector<float> c(9 * 5 * 7, NAN);
    multiply_batch(left, right, row_major(std::span(c), {9, 5, 7}), threads);
    const auto outcome = check(left, right, {9, 5, 7}, c);
    EXPECT_TRUE(outcome.passed()) << threads << ": " << describe(outcome);
    results.push_back(c);
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

TEST(MultiplyBatch, SharesAMatrixWithStrideZero) {
  const auto a = random_numbers(5 * 13, 0);
  const auto b = random_numbers(6 * 13 * 7, 1);
  const auto left = as_strided(std::span(a), {6, 5, 13}, {0, 13, 1});
  const auto right = row_major(std::span(b), {6, 13, 7});
  std::vector<float> c(6 * 5 * 7, NAN);
  multiply_batch(left, right, row_major(std::span(c), {6, 5, 7}), 2);
  const auto outcome = check(left, right, {6, 5, 7}, c);
  EXPECT_TRUE(outcome.passed()) << describe(outcome);
}

TEST(MultiplyBatch, DoesNothingForAnEmptyBatch) {
  const std::vector<float> none;
  std::vector<float> c;
  multiply_batch(row_major(std::span(none), {0, 5, 13}),
                 row_major(std::span(none), {0, 13, 7}),
                 row_major(std::span(c), {0, 5, 7}), 2);
  EXPECT_TRUE(c.empty());
}

}  // namespace
