// What the tests of exercises with kernels share. One source for the emulator
// and for a GPU: where a test cannot be made, it is skipped and says why.
#pragma once

#include <gtest/gtest.h>

#include <exception>
#include <functional>
#include <string>

#include "common/cuda/stream.hpp"
#include "common/simt/access.hpp"
#include "common/simt/microscope.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// Runs kernels to their end; when that goes wrong, says how.
inline testing::AssertionResult runs(
    const std::function<void(const Stream&)>& launches) {
  try {
    const Stream stream;
    launches(stream);
    stream.synchronize();
  } catch (const std::exception& error) {
    return testing::AssertionFailure() << error.what();
  }
  return testing::AssertionSuccess();
}

/// Needs something that runs kernels.
using KernelTest = OnDevice;

/// Needs the microscope as well.
class MicroscopeTest : public KernelTest {
 protected:
  void SetUp() override {
#ifdef COURSE_SIMT
    if (!simt::tracing()) {
      GTEST_SKIP() << "accesses are counted only where g++ compiles kernels "
                      "for the emulator, without sanitizers";
    }
#else
    GTEST_SKIP() << "on a GPU, the profiler counts accesses";
#endif
  }
};

/// What all kernels that `launches` runs ask of the memory. A kernel that
/// fails counts for nothing: other tests say why.
inline simt::MemoryCounts counted(
    [[maybe_unused]] const std::function<void(const Stream&)>& launches) {
  simt::MemoryCounts counts;
#ifdef COURSE_SIMT
  const simt::Microscope microscope;
  EXPECT_TRUE(runs(launches));
  for (const simt::KernelCounts& kernel : microscope.kernels()) {
    counts += kernel.total;
  }
#endif
  return counts;
}

/// Each sector that is asked for is made use of whole.
inline testing::AssertionResult whole_sectors(const simt::AccessCounts& counts,
                                              const char* what) {
  constexpr int kSector = 32;
  if (counts.requests > 0 && counts.sectors * kSector == counts.bytes) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure()
         << what << ": " << counts.requests << " requests ask for "
         << counts.bytes << " bytes and move " << counts.sectors
         << " sectors of 32 bytes, which are " << counts.sectors * kSector
         << " bytes";
}

/// No request to shared memory takes more passes than it must.
inline testing::AssertionResult no_conflicts(const simt::AccessCounts& counts,
                                             const char* what) {
  if (counts.requests > 0 && counts.conflicts == 0) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure()
         << what << ": " << counts.requests << " requests take "
         << counts.wavefronts << " passes, " << counts.conflicts
         << " of them because lanes want different words of one bank";
}

}  // namespace CNN_GPU
}  // namespace cnn
