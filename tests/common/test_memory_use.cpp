#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "common/memory_use.hpp"
#include "common/timing.hpp"

namespace cnn {
namespace {

TEST(PeakMemory, GrowsByWhatIsTouchedAndStays) {
  if (!std::filesystem::exists("/proc/self/status")) {
    GTEST_SKIP() << "there is no /proc here";
  }
  constexpr std::int64_t kBytes = 64 << 20;
  const std::int64_t before = peak_memory_bytes();
  ASSERT_GT(before, 0);
  {
    const std::vector<char> memory(kBytes, 1);
    keep(memory.data());
  }
  const std::int64_t after = peak_memory_bytes();
  EXPECT_GT(after, kBytes);
  EXPECT_GE(after, before);
}

}  // namespace
}  // namespace cnn
