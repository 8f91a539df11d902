#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

constexpr std::size_t kSize = 64;

class Transpose : public KernelTest {};

TEST_F(Transpose, IsRight) {
  const std::vector<float> from = ramp(kSize * kSize);
  std::vector<float> expected(from.size());
  for (std::size_t row = 0; row < kSize; ++row) {
    for (std::size_t column = 0; column < kSize; ++column) {
      expected[column * kSize + row] = from[row * kSize + column];
    }
  }
  const auto device_from = on_device(from);
  DeviceBuffer<float> to(from.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    transpose(stream, device_from.data(), to.data(), kSize);
  }));
  EXPECT_EQ(on_host(to), expected);
}

class TransposeCounts : public MicroscopeTest {
 protected:
  simt::MemoryCounts counts() {
    const auto from = on_device(ramp(kSize * kSize));
    DeviceBuffer<float> to(kSize * kSize);
    return counted([&](const Stream& stream) {
      transpose(stream, from.data(), to.data(), kSize);
    });
  }
};

TEST_F(TransposeCounts, WholeSectors) {
  EXPECT_TRUE(whole_sectors(counts().global_load, "reading the matrix"));
  EXPECT_TRUE(whole_sectors(counts().global_store, "writing its transpose"));
}

TEST_F(TransposeCounts, NoBankConflicts) {
  EXPECT_TRUE(no_conflicts(counts().shared_store, "writing the tile"));
  EXPECT_TRUE(no_conflicts(counts().shared_load, "reading the tile"));
}

}  // namespace
