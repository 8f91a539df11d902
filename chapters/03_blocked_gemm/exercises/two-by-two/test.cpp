#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "chapters/01_naive_convolution/reference.hpp"
#include "common/random.hpp"
#include "common/timing.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

std::vector<float> random_numbers(std::int64_t count, std::uint64_t stream) {
  std::vector<float> numbers(static_cast<std::size_t>(count));
  Random(3, stream).fill_uniform(numbers, -1, 1);
  return numbers;
}

TEST(TwoByTwo, IsTheProductForAnySize) {
  for (const auto& [rows, terms, columns] :
       std::vector<std::array<std::int64_t, 3>>{
           {2, 3, 2}, {1, 1, 1}, {5, 4, 7}, {8, 0, 3}, {1, 9, 6}, {7, 33, 1}}) {
    const auto a = random_numbers(rows * terms, 0);
    const auto b = random_numbers(terms * columns, 1);
    std::vector<float> c(static_cast<std::size_t>(rows * columns), NAN);
    const auto left = row_major(std::span(a), {rows, terms});
    const auto right = row_major(std::span(b), {terms, columns});
    multiply_two_by_two(left, right, row_major(std::span(c), {rows, columns}));

    ReferenceResult expected({1, 1, rows, columns});
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j)
        for (std::int64_t k = 0; k < terms; ++k) {
          const auto at = static_cast<std::size_t>(i * columns + j);
          const double product = double{left({i, k})} * right({k, j});
          expected.value[at] += product;
          expected.magnitude[at] += std::abs(product);
        }
    const auto outcome = compare(c, expected, terms + 1);
    EXPECT_TRUE(outcome.passed()) << rows << " x " << terms << " x " << columns
                                  << ": " << describe(outcome);
  }
}

TEST(TwoByTwo, ShowsWhatItIsWorth) {
  const std::int64_t n = 192;
  const auto a = random_numbers(n * n, 0);
  const auto b = random_numbers(n * n, 1);
  std::vector<float> c(static_cast<std::size_t>(n * n));
  const auto left = row_major(std::span(a), {n, n});
  const auto right = row_major(std::span(b), {n, n});
  const auto result = row_major(std::span(c), {n, n});
  const Timing one = time_repeated(
      [&] {
        for (std::int64_t i = 0; i < n; ++i)
          for (std::int64_t j = 0; j < n; ++j) {
            float sum = 0;
            for (std::int64_t k = 0; k < n; ++k)
              sum += left({i, k}) * right({k, j});
            result({i, j}) = sum;
          }
      },
      TimingPlan::quick());
  const Timing four = time_repeated(
      [&] { multiply_two_by_two(left, right, result); }, TimingPlan::quick());
  fmt::print("  one sum at a time {:6.2f} ms, two by two {:6.2f} ms\n",
             1e3 * one.median_s, 1e3 * four.median_s);
}

}  // namespace
