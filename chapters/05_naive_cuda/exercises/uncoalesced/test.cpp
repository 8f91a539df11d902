#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

class Scale : public KernelTest {};

TEST_F(Scale, IsRight) {
  for (const std::size_t size : {1024U, 512U, 1000U, 513U, 3U}) {
    const std::vector<float> x = ramp(size);
    std::vector<float> expected;
    for (const float number : x) expected.push_back(3 * number);
    const auto device_x = on_device(x);
    DeviceBuffer<float> y(size);
    ASSERT_TRUE(runs([&](const Stream& stream) {
      scale(stream, 3, device_x.data(), y.data(), static_cast<int>(size));
    }));
    EXPECT_EQ(on_host(y), expected) << size;
  }
}

class ScaleCounts : public MicroscopeTest {};

TEST_F(ScaleCounts, WholeSectors) {
  const auto x = on_device(ramp(2048));
  DeviceBuffer<float> y(2048);
  const auto counts = counted([&](const Stream& stream) {
    scale(stream, 3, x.data(), y.data(), 2048);
  });
  EXPECT_TRUE(whole_sectors(counts.global_load, "reading x"));
  EXPECT_TRUE(whole_sectors(counts.global_store, "writing y"));
}

}  // namespace
