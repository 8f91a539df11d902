#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

void expect_sums(std::size_t size) {
  const std::vector<float> x = ramp(size);
  std::vector<float> expected((size + kBlock - 1) / kBlock);
  for (std::size_t i = 0; i < size; ++i) expected[i / kBlock] += x[i];
  const auto device_x = on_device(x);
  DeviceBuffer<float> sums(expected.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    sum_blocks(stream, device_x.data(), sums.data(), static_cast<int>(size));
  })) << "with "
      << size << " numbers";
  EXPECT_EQ(on_host(sums), expected);
}

class SumBlocks : public KernelTest {};

TEST_F(SumBlocks, FullBlocks) {
  expect_sums(128);
  expect_sums(384);
}

TEST_F(SumBlocks, ALastBlockThatIsNotFull) {
  expect_sums(300);
}

TEST_F(SumBlocks, OneNumberTooMany) {
  expect_sums(129);
}

TEST_F(SumBlocks, FewNumbers) {
  expect_sums(1);
  expect_sums(33);
}

}  // namespace
