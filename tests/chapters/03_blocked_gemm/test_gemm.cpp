#include "chapters/03_blocked_gemm/gemm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "chapters/03_blocked_gemm/blocking.hpp"
#include "chapters/03_blocked_gemm/packing.hpp"
#include "tests/chapters/03_blocked_gemm/matrices.hpp"

namespace {

using namespace cnn;
using test::judge;
using test::Matrix;

/// Multiplies into `c` and compares what has become of it.
void expect_product(const Matrix& a, const Matrix& b, Matrix c,
                    const GemmOptions& options) {
  const std::vector<float> before = c.dense();
  static GemmScratch scratch(5);  // not cleared: it holds the last products'
                                  // numbers, which must not matter
  gemm(a.view(), b.view(), c.view(), options, scratch);
  const Comparison outcome =
      judge(a.view(), b.view(), before, options, c.dense());
  ASSERT_TRUE(outcome.passed())
      << name_of(options.isa) << ", " << to_string(a.shape) << " times "
      << to_string(b.shape) << ", strides " << to_string(a.strides) << ", "
      << to_string(b.strides) << " and " << to_string(c.strides) << ", "
      << options.threads << " threads: " << describe(outcome);
}

/// A matrix of which nothing may be read.
Matrix unreadable(std::int64_t rows, std::int64_t columns) {
  Matrix matrix(rows, columns, 0);
  for (float& number : matrix.numbers) number = NAN;
  return matrix;
}

class Gemm : public testing::TestWithParam<Isa> {
 protected:
  const GemmKernels& kernels() const { return gemm_kernels(GetParam()); }
  std::int64_t block_terms() const {
    return choose_blocking({64, 64, 4096}, kernels(), kPackedFloats).terms;
  }
};

TEST_P(Gemm, EveryTileSize) {
  const std::int64_t rows = 2 * kernels().rows + 1;
  const std::int64_t columns =
      2 * std::int64_t{kernels().vectors} * kernels().lanes + 1;
  for (std::int64_t m = 1; m <= rows; ++m)
    for (std::int64_t n = 1; n <= columns; n += m % 2 == 0 ? 1 : 5)
      expect_product(Matrix(m, 5, 1), Matrix(5, n, 2), unreadable(m, n),
                     {.isa = GetParam()});
}

TEST_P(Gemm, AllTransposesAndStrides) {
  for (const std::int64_t gap : {0, 3})
    for (const bool a : {false, true})
      for (const bool b : {false, true})
        for (const bool c : {false, true})
          expect_product(Matrix(37, 67, 1, a, gap), Matrix(67, 53, 2, b, gap),
                         Matrix(37, 53, 3, c, gap),
                         {.beta = 0.5F, .isa = GetParam()});
}

TEST_P(Gemm, AnyStridesOfTheOperands) {
  // Every second column of every third row, and backwards.
  const Matrix wide_a(60, 80, 1);
  const Matrix wide_b(80, 90, 2);
  const StridedView<const float> a =
      as_strided(std::span(wide_a.numbers), {19, 39}, {-3 * 80, 2}, 59 * 80);
  const StridedView<const float> b =
      as_strided(std::span(wide_b.numbers), {39, 44}, {90 * 2, -2}, 89);
  Matrix c = unreadable(19, 44);
  GemmScratch scratch(1);
  const GemmOptions options{.isa = GetParam()};
  gemm(a, b, c.view(), options, scratch);
  const Comparison outcome = judge(a, b, {}, options, c.dense());
  EXPECT_TRUE(outcome.passed()) << describe(outcome);
}

TEST_P(Gemm, BroadcastOperand) {
  // A stride of 0: the same row again and again.
  const Matrix row(1, 70, 1);
  const Matrix b(70, 33, 2);
  const StridedView<const float> a =
      as_strided(std::span(row.numbers), {20, 70}, {0, 1});
  Matrix c = unreadable(20, 33);
  GemmScratch scratch(1);
  const GemmOptions options{.isa = GetParam()};
  gemm(a, b.view(), c.view(), options, scratch);
  const Comparison outcome = judge(a, b.view(), {}, options, c.dense());
  EXPECT_TRUE(outcome.passed()) << describe(outcome);
}

TEST_P(Gemm, AroundTheBordersOfBlocks) {
  const std::int64_t terms = block_terms();
  for (const std::int64_t k :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{63}, std::int64_t{65},
        terms - 1, terms, terms + 1, 2 * terms + 17})
    for (const bool transposed : {false, true})
      expect_product(Matrix(29, k, 1, transposed), Matrix(k, 47, 2, transposed),
                     unreadable(29, 47), {.isa = GetParam()});
}

TEST_P(Gemm, MoreThanFitsTheScratchMemory) {
  // Blocks of A, of B and of terms: several of each. Thin in one direction, or
  // the float64 judge would take minutes.
  expect_product(Matrix(17, 3, 1), Matrix(3, 21001, 2), unreadable(17, 21001),
                 {.isa = GetParam()});
  expect_product(Matrix(21001, 3, 1), Matrix(3, 17, 2), unreadable(21001, 17),
                 {.isa = GetParam()});
  expect_product(Matrix(15, 21001, 1), Matrix(21001, 17, 2), unreadable(15, 17),
                 {.isa = GetParam()});
}

TEST_P(Gemm, AlphaBetaBiasAndRelu) {
  const std::int64_t k = block_terms() + 5;  // the last block alone has a bias
  const Matrix a(31, k, 1);
  const Matrix b(k, 45, 2);
  const Matrix row_bias(1, 31, 4);
  const Matrix column_bias(1, 45, 5);
  for (const float alpha : {1.0F, -1.75F, 0.0F})
    for (const float beta : {0.0F, 1.0F, -0.25F})
      for (const int which : {0, 1, 2, 3})
        for (const bool relu : {false, true})
          for (const bool transposed : {false, true})
            expect_product(
                a, b, Matrix(31, 45, 3, transposed, 2),
                {.alpha = alpha,
                 .beta = beta,
                 .epilogue = {(which & 1) ? row_bias.numbers.data() : nullptr,
                              (which & 2) ? column_bias.numbers.data()
                                          : nullptr,
                              relu},
                 .isa = GetParam()});
}

TEST_P(Gemm, WithoutTermsBetaAndBiasRemain) {
  Matrix c(3, 5, 3);
  const Matrix bias(1, 5, 4);
  expect_product(Matrix(3, 0, 1), Matrix(0, 5, 2), c,
                 {.beta = 2,
                  .epilogue = {.column_bias = bias.numbers.data()},
                  .isa = GetParam()});
  expect_product(Matrix(3, 0, 1), Matrix(0, 5, 2), unreadable(3, 5),
                 {.isa = GetParam()});
}

TEST_P(Gemm, NothingToComputeTouchesNothing) {
  GemmScratch scratch(1);
  const Matrix a(0, 7, 1);
  const Matrix b(7, 5, 2);
  Matrix c(0, 5, 3);
  gemm(a.view(), b.view(), c.view(), {.isa = GetParam()}, scratch);
  const Matrix left(4, 7, 1);
  const Matrix none(7, 0, 2);
  Matrix empty(4, 0, 3);
  gemm(left.view(), none.view(), empty.view(), {.isa = GetParam()}, scratch);
}

TEST_P(Gemm, WritesNothingBetweenTheRowsOfTheResult) {
  for (const bool transposed : {false, true}) {
    Matrix c(23, 29, 3, transposed, 7);
    for (float& number : c.numbers) number = -77;
    const Matrix a(23, 31, 1);
    const Matrix b(31, 29, 2);
    GemmScratch scratch(1);
    gemm(a.view(), b.view(), c.view(), {.isa = GetParam()}, scratch);
    const std::size_t length = transposed ? 23 : 29;
    for (std::size_t i = 0; i < c.numbers.size(); ++i) {
      ASSERT_EQ(c.numbers[i] == -77, i % (length + 7) >= length) << i;
    }
  }
}

TEST_P(Gemm, NanAndInfinityArriveInTheirPlaces) {
  Matrix a(9, 20, 1);
  const Matrix b(20, 40, 2);
  a.view()({4, 3}) = NAN;
  Matrix c = unreadable(9, 40);
  GemmScratch scratch(1);
  gemm(a.view(), b.view(), c.view(),
       {.epilogue = {.relu = true}, .isa = GetParam()}, scratch);
  for (std::int64_t i = 0; i < 9; ++i)
    for (std::int64_t j = 0; j < 40; ++j)
      ASSERT_EQ(std::isnan(c.view()({i, j})), i == 4) << i << ", " << j;
}

TEST_P(Gemm, TheSameBitsForAnyNumberOfThreads) {
  const std::int64_t terms = block_terms();
  for (const auto& [m, n, k] :
       {std::tuple<std::int64_t, std::int64_t, std::int64_t>{150, 190, 170},
        {64, 130, 2 * terms + 9},
        {513, 25, terms + 1},
        {10, 1500, 130},
        {1500, 10, 130}}) {
    const Matrix a(m, k, 1);
    const Matrix b(k, n, 2, true);
    std::vector<float> expected;
    for (const int threads : {1, 2, 3, 5}) {
      GemmScratch scratch(threads);
      Matrix c(m, n, 3);
      gemm(a.view(), b.view(), c.view(),
           {.alpha = 1.5F, .beta = 0.5F, .threads = threads, .isa = GetParam()},
           scratch);
      if (threads == 1) {
        expected = c.numbers;
        expect_product(a, b, Matrix(m, n, 3),
                       {.alpha = 1.5F, .beta = 0.5F, .isa = GetParam()});
      }
      ASSERT_EQ(c.numbers, expected) << threads << " threads";
    }
  }
}

TEST_P(Gemm, ScratchCanBeUsedAgain) {
  GemmScratch used(1);
  const Matrix large(80, 90, 7);
  Matrix first(80, 80, 0);
  gemm(large.view(), large.view().transposed(), first.view(),
       {.isa = GetParam()}, used);
  const Matrix a(9, 11, 1);
  const Matrix b(11, 13, 2);
  Matrix again(9, 13, 0);
  Matrix fresh(9, 13, 0);
  GemmScratch new_one(1);
  gemm(a.view(), b.view(), again.view(), {.isa = GetParam()}, used);
  gemm(a.view(), b.view(), fresh.view(), {.isa = GetParam()}, new_one);
  EXPECT_EQ(again.numbers, fresh.numbers);
}

INSTANTIATE_TEST_SUITE_P(Isas, Gemm, testing::ValuesIn(supported_isas()),
                         [](const auto& isa) {
                           std::string name(name_of(isa.param));
                           std::erase(name, '-');
                           return name;
                         });

TEST(GemmScratch, TakesLessThanFourMegabytesAThread) {
  for (const int threads : {1, 3}) {
    const GemmScratch scratch(threads);
    EXPECT_EQ(scratch.threads(), threads);
    EXPECT_GT(scratch.bytes(), 0);
    EXPECT_LE(scratch.bytes(), std::int64_t{4000000} * threads);
  }
  EXPECT_THROW(GemmScratch(0), std::invalid_argument);
}

/// The message of what gemm() throws.
std::string refusal(const StridedView<const float>& a,
                    const StridedView<const float>& b,
                    const StridedView<float>& c, int threads = 1) {
  GemmScratch scratch(2);
  try {
    gemm(a, b, c, {.threads = threads}, scratch);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(GemmErrors, SayWhatWasFoundAndExpected) {
  const Matrix a(2, 3, 1);
  const Matrix b(3, 4, 2);
  Matrix c(2, 4, 3);
  EXPECT_EQ(refusal(a.view(), a.view(), c.view()),
            "gemm: shapes (2, 3) times (2, 3) to (2, 4) do not fit");
  EXPECT_EQ(refusal(a.view(), b.view(), c.view(), 3),
            "gemm: found 3 threads, expected 1 to 2, which the scratch memory "
            "is for");
  EXPECT_EQ(refusal(a.view(), b.view(), c.view(), 0),
            "gemm: found 0 threads, expected 1 to 2, which the scratch memory "
            "is for");
  Matrix wide(4, 8, 3);
  const StridedView<float> apart =
      as_strided(std::span(wide.numbers), {2, 4}, {16, 2});
  EXPECT_EQ(refusal(a.view(), b.view(), apart),
            "gemm: the result has strides (16, 2), expected one of them to "
            "be 1");
  const StridedView<float> cube =
      as_strided(std::span(wide.numbers), {2, 2, 2}, {4, 2, 1});
  EXPECT_EQ(refusal(a.view(), b.view(), cube),
            "gemm: shapes (2, 3) times (3, 4) to (2, 2, 2) do not fit");
  EXPECT_EQ(refusal(a.view(), b.view(), c.view(), 2), "no error");
}

}  // namespace
