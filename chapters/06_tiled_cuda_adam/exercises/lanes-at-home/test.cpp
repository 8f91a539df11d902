#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

void expect_sums(int rows, int columns) {
  const std::vector<float> x = ramp(static_cast<std::size_t>(rows * columns));
  std::vector<float> expected(static_cast<std::size_t>(rows));
  for (std::size_t i = 0; i < x.size(); ++i) {
    expected[i / static_cast<std::size_t>(columns)] += x[i];
  }
  const auto device_x = on_device(x);
  DeviceBuffer<float> sums(expected.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    sum_rows(stream, device_x.data(), sums.data(), rows, columns);
  })) << rows
      << " rows of " << columns;
  EXPECT_EQ(on_host(sums), expected) << rows << " rows of " << columns;
}

class SumRows : public KernelTest {};

TEST_F(SumRows, WholeWarps) {
  expect_sums(4, 32);
  expect_sums(5, 64);
}

TEST_F(SumRows, ALastRoundThatIsNotFull) {
  expect_sums(1, 40);
  expect_sums(6, 33);
}

TEST_F(SumRows, FewNumbers) {
  expect_sums(3, 7);
  expect_sums(2, 1);
}

}  // namespace
