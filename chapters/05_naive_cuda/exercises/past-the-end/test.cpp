#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

void expect_relu(std::size_t size) {
  std::vector<float> x = ramp(size, -static_cast<float>(size / 2));
  auto device_x = on_device(x);
  for (float& number : x) number = number < 0 ? 0 : number;
  ASSERT_TRUE(runs([&](const Stream& stream) {
    relu_in_place(stream, device_x.data(), static_cast<int>(size));
  })) << "with "
      << size << " numbers";
  EXPECT_EQ(on_host(device_x), x) << "with " << size << " numbers";
}

class ReluInPlace : public KernelTest {};

TEST_F(ReluInPlace, FullBlocks) {
  expect_relu(128);
  expect_relu(512);
}

TEST_F(ReluInPlace, AFewMore) {
  expect_relu(129);
  expect_relu(300);
}

TEST_F(ReluInPlace, LessThanABlock) {
  expect_relu(1);
  expect_relu(100);
}

TEST_F(ReluInPlace, Nothing) {
  expect_relu(0);
}

}  // namespace
