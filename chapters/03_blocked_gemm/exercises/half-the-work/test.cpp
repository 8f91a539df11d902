#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "chapters/01_naive_convolution/reference.hpp"
#include "common/random.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

struct Outcome {
  std::vector<float> c;
  std::int64_t products = 0;
};

Outcome run(const std::vector<float>& a, std::int64_t rows, std::int64_t terms,
            std::int64_t block) {
  Outcome outcome{std::vector<float>(static_cast<std::size_t>(rows * rows)), 0};
  const auto counting = [&](const StridedView<const float>& left,
                            const StridedView<const float>& right,
                            const StridedView<float>& c) {
    outcome.products += c.size() * left.shape()[1];
    multiply_add(left, right, c);
  };
  multiply_by_own_transpose(row_major(std::span(a), {rows, terms}),
                            row_major(std::span(outcome.c), {rows, rows}),
                            block, counting);
  return outcome;
}

std::vector<float> random_matrix(std::int64_t size) {
  std::vector<float> a(static_cast<std::size_t>(size));
  Random(5).fill_uniform(a, -1, 1);
  return a;
}

TEST(OwnTranspose, IsTheProduct) {
  for (const std::int64_t block : {1, 4, 7, 100}) {
    const std::int64_t rows = 19;
    const std::int64_t terms = 11;
    const auto a = random_matrix(rows * terms);
    const auto view = row_major(std::span(a), {rows, terms});
    ReferenceResult expected({1, 1, rows, rows});
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < rows; ++j)
        for (std::int64_t k = 0; k < terms; ++k) {
          const auto at = static_cast<std::size_t>(i * rows + j);
          const double product = double{view({i, k})} * view({j, k});
          expected.value[at] += product;
          expected.magnitude[at] += std::abs(product);
        }
    const auto outcome = compare(run(a, rows, terms, block).c, expected, terms);
    EXPECT_TRUE(outcome.passed())
        << "block " << block << ": " << describe(outcome);
  }
}

TEST(OwnTranspose, IsSymmetricToTheLastBit) {
  const auto a = random_matrix(30 * 8);
  const auto c = run(a, 30, 8, 7).c;
  for (std::size_t i = 0; i < 30; ++i)
    for (std::size_t j = 0; j < 30; ++j)
      EXPECT_EQ(c[i * 30 + j], c[j * 30 + i]);
}

TEST(OwnTranspose, TakesLittleMoreThanHalfOfTheProducts) {
  const auto a = random_matrix(64 * 16);
  const std::int64_t all = 64 * 64 * 16;
  const auto products = run(a, 64, 16, 8).products;
  EXPECT_GT(products, all / 2);
  EXPECT_LE(products, all * 9 / 16);
}

}  // namespace
