#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

void expect_windows(int size) {
  const std::vector<float> x = ramp(static_cast<std::size_t>(size));
  std::vector<float> expected(x.size());
  for (int i = 0; i < size; ++i) {
    for (int j = i - kRadius; j <= i + kRadius; ++j) {
      if (j < 0 || j >= size) continue;
      expected[static_cast<std::size_t>(i)] += x[static_cast<std::size_t>(j)];
    }
  }
  const auto device_x = on_device(x);
  DeviceBuffer<float> y(x.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    sum_windows(stream, device_x.data(), y.data(), size);
  })) << "with "
      << size << " numbers";
  EXPECT_EQ(on_host(y), expected);
}

class SumWindows : public KernelTest {};

TEST_F(SumWindows, OneBlock) {
  expect_windows(64);
}

TEST_F(SumWindows, SeveralBlocks) {
  expect_windows(192);
}

TEST_F(SumWindows, RaggedEdge) {
  expect_windows(100);
  expect_windows(65);
}

TEST_F(SumWindows, LessThanAWindow) {
  expect_windows(2);
}

}  // namespace
