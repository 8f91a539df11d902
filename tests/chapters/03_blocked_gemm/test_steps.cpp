#include "chapters/03_blocked_gemm/steps.hpp"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

#include "tests/chapters/03_blocked_gemm/matrices.hpp"

namespace {

using namespace cnn;
using test::judge;
using test::Matrix;

TEST(GemmSteps, AreNumberedFromOneToEight) {
  int number = 0;
  for (const GemmStep& step : gemm_steps()) {
    EXPECT_EQ(step.number, ++number);
    EXPECT_FALSE(step.name.empty());
    EXPECT_FALSE(step.change.empty());
  }
  EXPECT_EQ(number, 8);
}

TEST(GemmSteps, AllAddTheProduct) {
  GemmScratch scratch(3);
  // Below, at and above the sizes of tiles and blocks (256 terms and columns).
  constexpr std::array<std::array<std::int64_t, 3>, 7> kSizes{{{1, 1, 1},
                                                               {7, 33, 5},
                                                               {85, 31, 64},
                                                               {3, 257, 255},
                                                               {6, 32, 257},
                                                               {169, 259, 3},
                                                               {13, 300, 517}}};
  for (const GemmStep& step : gemm_steps())
    for (const auto& [m, n, k] : kSizes)
      for (const int layout : {0, 1, 2, 3, 4, 5, 6, 7}) {
        const Matrix a(m, k, 1, (layout & 1) != 0, 2);
        const Matrix b(k, n, 2, (layout & 2) != 0, 1);
        Matrix c(m, n, 3, (layout & 4) != 0, 3);
        const std::vector<float> before = c.dense();
        step.run(a.view(), b.view(), c.view(), 3, scratch);
        const Comparison outcome =
            judge(a.view(), b.view(), before, {.beta = 1}, c.dense());
        ASSERT_TRUE(outcome.passed())
            << "step " << step.number << ", layout " << layout << ", " << m
            << " x " << n << " x " << k << ": " << describe(outcome);
      }
}

TEST(GemmSteps, WithoutTermsChangeNothing) {
  GemmScratch scratch(1);
  for (const GemmStep& step : gemm_steps()) {
    const Matrix a(3, 0, 1);
    const Matrix b(0, 4, 2);
    Matrix c(3, 4, 3);
    const std::vector<float> before = c.numbers;
    step.run(a.view(), b.view(), c.view(), 1, scratch);
    EXPECT_EQ(c.numbers, before) << "step " << step.number;
  }
}

TEST(GemmSteps, RefuseShapesThatDoNotFit) {
  GemmScratch scratch(1);
  const Matrix a(2, 3, 1);
  Matrix c(2, 3, 3);
  for (const GemmStep& step : gemm_steps()) {
    EXPECT_THROW(step.run(a.view(), a.view(), c.view(), 1, scratch),
                 std::invalid_argument)
        << "step " << step.number;
  }
}

}  // namespace
