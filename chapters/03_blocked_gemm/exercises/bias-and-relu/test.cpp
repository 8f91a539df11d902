#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "exercise.hpp"

namespace {

using namespace cnn;

TEST(FinishRow, AddsTheBiasAndCutsOff) {
  const std::vector<float> sums{1, -1, 3, -4, 0};
  const std::vector<float> bias{0.5F, 2, -4, 1, 0};
  std::vector<float> c(5, NAN);
  finish_row(sums, bias, c);
  EXPECT_EQ(c, (std::vector<float>{1.5F, 1, 0, 0, 0}));
}

TEST(FinishRow, WorksWithoutBias) {
  const std::vector<float> sums{1, -1, 2};
  std::vector<float> c(3, NAN);
  finish_row(sums, {}, c);
  EXPECT_EQ(c, (std::vector<float>{1, 0, 2}));
}

TEST(FinishRow, HidesNoNan) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> sums{NAN, infinity, -infinity, 1};
  const std::vector<float> bias{1, -infinity, 1, NAN};
  std::vector<float> c(4, 0);
  finish_row(sums, bias, c);
  EXPECT_TRUE(std::isnan(c[0]));
  EXPECT_TRUE(std::isnan(c[1])) << "infinity - infinity";
  EXPECT_EQ(c[2], 0);
  EXPECT_TRUE(std::isnan(c[3]));
}

TEST(FusedBytes, AreAFifth) {
  EXPECT_EQ(fused_bytes(64, 128), 32'768);
  EXPECT_EQ(separate_bytes(64, 128), 163'840);
}

}  // namespace
