#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

void expect_negative(int height, int width) {
  const std::vector<float> picture =
      ramp(static_cast<std::size_t>(height * width));
  std::vector<float> expected;
  for (const float pixel : picture) expected.push_back(1 - pixel);
  const auto device_picture = on_device(picture);
  DeviceBuffer<float> negative(picture.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    make_negative(stream, device_picture.data(), negative.data(), height,
                  width);
  }));
  EXPECT_EQ(on_host(negative), expected) << height << " x " << width;
}

class MakeNegative : public KernelTest {};

TEST_F(MakeNegative, ASquare) {
  expect_negative(32, 32);
  expect_negative(20, 20);
}

TEST_F(MakeNegative, WiderThanHigh) {
  expect_negative(20, 50);
}

TEST_F(MakeNegative, HigherThanWide) {
  expect_negative(50, 20);
}

class MakeNegativeCounts : public MicroscopeTest {};

TEST_F(MakeNegativeCounts, WholeSectors) {
  const auto picture = on_device(ramp(32 * 32));
  DeviceBuffer<float> negative(32 * 32);
  const auto counts = counted([&](const Stream& stream) {
    make_negative(stream, picture.data(), negative.data(), 32, 32);
  });
  EXPECT_TRUE(whole_sectors(counts.global_load, "reading the picture"));
  EXPECT_TRUE(whole_sectors(counts.global_store, "writing the negative"));
}

}  // namespace
