#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

void expect_sum(int blocks, std::size_t size) {
  const std::vector<float> x = ramp(size);
  std::vector<float> expected;
  for (const float number : x) expected.push_back(7 + 3 * number);
  const auto device_x = on_device(x);
  auto y = on_device(std::vector<float>(size, 7));
  ASSERT_TRUE(runs([&](const Stream& stream) {
    axpy(stream, blocks, 3, device_x.data(), y.data(), static_cast<int>(size));
  }));
  EXPECT_EQ(on_host(y), expected) << blocks << " blocks, " << size;
}

class Axpy : public KernelTest {};

TEST_F(Axpy, AsManyThreadsAsNumbers) {
  expect_sum(2, 128);
}

TEST_F(Axpy, MoreThreadsThanNumbers) {
  expect_sum(5, 70);
  expect_sum(1, 1);
  expect_sum(3, 0);
}

TEST_F(Axpy, MoreNumbersThanThreads) {
  expect_sum(1, 1000);
  expect_sum(3, 1000);
  expect_sum(2, 257);
}

class AxpyCounts : public MicroscopeTest {};

TEST_F(AxpyCounts, WholeSectors) {
  const auto x = on_device(ramp(1024));
  auto y = on_device(ramp(1024));
  const auto counts = counted([&](const Stream& stream) {
    axpy(stream, 3, 2, x.data(), y.data(), 1024);
  });
  EXPECT_TRUE(whole_sectors(counts.global_load, "reading x and y"));
  EXPECT_TRUE(whole_sectors(counts.global_store, "writing y"));
  EXPECT_EQ(counts.global_store.bytes, 1024 * 4) << "each number once";
}

}  // namespace
