#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

constexpr std::size_t kSize = 64;

class TransposeUnpadded : public KernelTest {};

TEST_F(TransposeUnpadded, IsRight) {
  const std::vector<float> from = ramp(kSize * kSize);
  std::vector<float> expected(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    expected[i % kSize * kSize + i / kSize] = from[i];
  }
  const auto device_from = on_device(from);
  DeviceBuffer<float> to(from.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    transpose_unpadded(stream, device_from.data(), to.data(), kSize);
  }));
  EXPECT_EQ(on_host(to), expected);
}

class TransposeUnpaddedCounts : public MicroscopeTest {};

TEST_F(TransposeUnpaddedCounts, NoBankConflictsAndWholeSectors) {
  const auto from = on_device(ramp(kSize * kSize));
  DeviceBuffer<float> to(kSize * kSize);
  const auto counts = counted([&](const Stream& stream) {
    transpose_unpadded(stream, from.data(), to.data(), kSize);
  });
  EXPECT_TRUE(no_conflicts(counts.shared_store, "writing the tile"));
  EXPECT_TRUE(no_conflicts(counts.shared_load, "reading the tile"));
  EXPECT_TRUE(whole_sectors(counts.global_load, "reading the matrix"));
  EXPECT_TRUE(whole_sectors(counts.global_store, "writing its transpose"));
}

}  // namespace
