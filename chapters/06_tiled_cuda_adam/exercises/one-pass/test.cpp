#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

struct Exact {
  double result = 0;
  double range = 0;  // from the largest to the smallest number
};

Exact exact(const float* row, std::size_t columns) {
  const auto [smallest, largest] = std::minmax_element(row, row + columns);
  double sum = 0;
  for (std::size_t i = 0; i < columns; ++i) {
    sum += std::exp(double{row[i]} - double{*largest});
  }
  return {double{*largest} + std::log(sum), double{*largest} - *smallest};
}

// A number is joined at most columns / 32 + 1 times in a lane and 5 times by
// shuffles. Each time its share of the sum is off by the rounding of a
// difference, which exp() makes a relative error, by exp()'s own two units in
// the last place, and by a product and a sum. A relative error of the sum is an
// absolute one of its logarithm.
double bound(const Exact& row, std::size_t columns) {
  const double joins = static_cast<double>(columns / 32 + 6);
  return std::numeric_limits<float>::epsilon() *
         (joins * (row.range + 4) + std::abs(row.result) + 4);
}

void expect_rows(const std::vector<float>& x, std::size_t columns) {
  const std::size_t rows = x.size() / columns;
  const auto device_x = on_device(x);
  DeviceBuffer<float> results(rows);
  ASSERT_TRUE(runs([&](const Stream& stream) {
    log_sum_exp(stream, device_x.data(), results.data(), static_cast<int>(rows),
                static_cast<int>(columns));
  }));
  const std::vector<float> actual = on_host(results);
  for (std::size_t row = 0; row < rows; ++row) {
    const Exact expected = exact(&x[row * columns], columns);
    EXPECT_NEAR(actual[row], expected.result, bound(expected, columns))
        << "row " << row << " of " << columns << " numbers";
  }
}

// From -4 to 4, in no order.
std::vector<float> scattered(std::size_t size) {
  std::vector<float> numbers(size);
  for (std::size_t i = 0; i < size; ++i) {
    numbers[i] = static_cast<float>(i * 37 % 65) / 8 - 4;
  }
  return numbers;
}

class LogSumExp : public KernelTest {};

TEST_F(LogSumExp, AsManyNumbersAsLanes) {
  expect_rows(scattered(32), 32);
}

TEST_F(LogSumExp, FewerNumbersThanLanes) {
  expect_rows(scattered(6 * 10), 10);
  expect_rows(scattered(3), 1);
}

TEST_F(LogSumExp, MoreNumbersThanLanes) {
  expect_rows(scattered(5 * 100), 100);
}

TEST_F(LogSumExp, NumbersThatGrowAndNumbersThatFall) {
  std::vector<float> x = ramp(80, -40);
  expect_rows(x, 80);
  std::ranges::reverse(x);
  expect_rows(x, 80);
}

TEST_F(LogSumExp, NothingOverflowsOrVanishes) {
  expect_rows({1000, 1001, 1002, -1000, -1001, -1002}, 3);
  expect_rows({-1000, 0, 1000, 1000, 0, -1000}, 3);
}

TEST_F(LogSumExp, MinusInfinityAddsNothing) {
  constexpr float kNone = -std::numeric_limits<float>::infinity();
  const auto x = on_device(std::vector<float>{kNone, 0, 7, kNone});
  DeviceBuffer<float> results(2);
  ASSERT_TRUE(runs([&](const Stream& stream) {
    log_sum_exp(stream, x.data(), results.data(), 2, 2);
  }));
  EXPECT_EQ(on_host(results), (std::vector<float>{0, 7}));
}

class LogSumExpCounts : public MicroscopeTest {};

TEST_F(LogSumExpCounts, EveryNumberOnce) {
  const auto x = on_device(scattered(8 * 96));
  DeviceBuffer<float> results(8);
  const auto counts = counted([&](const Stream& stream) {
    log_sum_exp(stream, x.data(), results.data(), 8, 96);
  });
  EXPECT_EQ(counts.global_load.bytes, 8 * 96 * 4);
  EXPECT_TRUE(whole_sectors(counts.global_load, "reading the numbers"));
  EXPECT_EQ(counts.shared_load.requests, 0);
}

}  // namespace
