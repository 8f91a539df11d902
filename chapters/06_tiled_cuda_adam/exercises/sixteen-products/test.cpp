#include <gtest/gtest.h>

#include "exercise.hpp"

namespace cnn {
namespace {

// Whole numbers from -6 to 6: halves and sums are exact.
template <std::size_t kSize>
Square<kSize> square(int factor) {
  Square<kSize> numbers{};
  for (std::size_t i = 0; i < kSize * kSize; ++i) {
    const int number = (static_cast<int>(i) + 3) * factor % 13 - 6;
    numbers[i / kSize][i % kSize] = static_cast<float>(number);
  }
  return numbers;
}

// By definition.
float expected(const Square<4>& input, const Square<3>& filter, std::size_t y,
               std::size_t x) {
  float sum = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    sum += input[y + i / 3][x + i % 3].value() * filter[i / 3][i % 3].value();
  }
  return sum;
}

void expect_filtered(const Square<4>& input, const Square<3>& filter) {
  const Square<2> result = filtered(input, filter);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(result[i / 2][i % 2].value(),
              expected(input, filter, i / 2, i % 2))
        << "row " << i / 2 << ", column " << i % 2;
  }
}

TEST(SixteenProducts, OneWeightOneCopy) {
  for (std::size_t i = 0; i < 9; ++i) {
    Square<3> filter{};
    filter[i / 3][i % 3] = 1;
    expect_filtered(square<4>(5), filter);
  }
}

TEST(SixteenProducts, AnyFilter) {
  expect_filtered(square<4>(5), square<3>(7));
  expect_filtered(square<4>(3), square<3>(11));
}

TEST(SixteenProducts, AreSixteen) {
  Number::multiplications = 0;
  expect_filtered(square<4>(5), square<3>(7));
  EXPECT_LE(Number::multiplications, 16);
}

}  // namespace
}  // namespace cnn
