#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

void expect_added(int rows, int columns) {
  const std::vector<float> x = ramp(static_cast<std::size_t>(rows * columns));
  const std::vector<float> bias = ramp(static_cast<std::size_t>(columns), 100);
  std::vector<float> expected = x;
  for (std::size_t i = 0; i < x.size(); ++i)
    expected[i] += bias[i % bias.size()];
  const auto device_x = on_device(x);
  const auto device_bias = on_device(bias);
  DeviceBuffer<float> y(x.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    add_bias(stream, device_x.data(), device_bias.data(), y.data(), rows,
             columns);
  })) << rows
      << " rows of " << columns;
  EXPECT_EQ(on_host(y), expected) << rows << " rows of " << columns;
}

class AddBias : public KernelTest {};

TEST_F(AddBias, RowsOfFours) {
  expect_added(3, 64);
  expect_added(20, 4);
}

TEST_F(AddBias, OneRowThatIsNot) {
  expect_added(1, 33);
}

TEST_F(AddBias, RowsThatAreNot) {
  ASSERT_NO_FATAL_FAILURE(expect_added(5, 33));
  ASSERT_NO_FATAL_FAILURE(expect_added(4, 3));
  ASSERT_NO_FATAL_FAILURE(expect_added(7, 30));
}

class AddBiasCounts : public MicroscopeTest {};

TEST_F(AddBiasCounts, FourAtATimeWhereItCanBeHad) {
  const auto x = on_device(ramp(16 * 64));
  const auto bias = on_device(ramp(64));
  DeviceBuffer<float> y(16 * 64);
  const auto counts = counted([&](const Stream& stream) {
    add_bias(stream, x.data(), bias.data(), y.data(), 16, 64);
  });
  constexpr int kWarps = 16 * 64 / 4 / 32;
  EXPECT_EQ(counts.global_load.requests, 2 * kWarps);
  EXPECT_EQ(counts.global_store.requests, kWarps);
}

}  // namespace
