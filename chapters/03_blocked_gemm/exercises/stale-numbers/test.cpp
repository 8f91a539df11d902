#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "exercise.hpp"

namespace {

using namespace cnn;

// 3 terms x 5 columns: 1 ... 15.
std::vector<float> numbers() {
  std::vector<float> values(15);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i + 1);
  return values;
}

TEST(PackPanel, PacksAWholePanel) {
  const auto values = numbers();
  const auto matrix = row_major(std::span(values), {3, 5});
  std::vector<float> panel(static_cast<std::size_t>(padded_terms(3)) * 2, 0);
  pack_panel(matrix, 1, 2, panel);
  EXPECT_EQ(panel, (std::vector<float>{2, 3, 7, 8, 12, 13, 0, 0}));
}

TEST(PackPanel, FillsUpWithZerosWhateverWasThere) {
  const auto values = numbers();
  const auto matrix = row_major(std::span(values), {3, 5});
  std::vector<float> panel(static_cast<std::size_t>(padded_terms(3)) * 2, NAN);
  pack_panel(matrix, 4, 2, panel);
  EXPECT_EQ(panel, (std::vector<float>{5, 0, 10, 0, 15, 0, 0, 0}));
}

TEST(PackPanel, LetsTheKernelAddFourTermsAtATime) {
  const auto values = numbers();
  const auto b = row_major(std::span(values), {3, 5});
  const std::vector<float> ones(3, 1);
  std::vector<float> packed_a(4, 1e30F);
  std::vector<float> packed_b(16, 1e30F);
  pack_panel(row_major(std::span(ones), {3, 1}), 0, 1, packed_a);
  pack_panel(b, 0, 4, packed_b);
  for (std::size_t j = 0; j < 4; ++j) {
    float sum = 0;
    for (std::size_t k = 0; k < 4; ++k)
      sum += packed_a[k] * packed_b[k * 4 + j];
    EXPECT_EQ(sum, b({0, static_cast<std::int64_t>(j)}) +
                       b({1, static_cast<std::int64_t>(j)}) +
                       b({2, static_cast<std::int64_t>(j)}));
  }
}

}  // namespace
