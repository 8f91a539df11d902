#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

void expect_sums(int rows, int columns) {
  const std::vector<float> x = ramp(static_cast<std::size_t>(rows * columns));
  std::vector<float> expected(static_cast<std::size_t>(columns));
  for (std::size_t i = 0; i < x.size(); ++i) {
    expected[i % expected.size()] += x[i];
  }
  const auto device_x = on_device(x);
  DeviceBuffer<float> sums(expected.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    sum_columns(stream, device_x.data(), sums.data(), rows, columns);
  })) << rows
      << " rows of " << columns;
  EXPECT_EQ(on_host(sums), expected) << rows << " rows of " << columns;
}

class SumColumns : public KernelTest {};

TEST_F(SumColumns, ManyRows) {
  expect_sums(40, 64);
}

TEST_F(SumColumns, OneStage) {
  expect_sums(4, 64);
  expect_sums(1, 10);
}

TEST_F(SumColumns, AsManyAsThereAreStages) {
  expect_sums(8, 64);
  expect_sums(12, 64);
}

TEST_F(SumColumns, RaggedEdges) {
  expect_sums(23, 70);
  expect_sums(13, 1);
}

}  // namespace
