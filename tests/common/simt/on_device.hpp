// Host side of the kernel tests: vectors in, vectors out.
#pragma once

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "common/cuda/buffer.hpp"
#include "common/cuda/launch.cuh"
#include "common/machine.hpp"

namespace cnn {
inline namespace CNN_GPU {

template <class T>
DeviceBuffer<T> on_device(const std::vector<T>& values) {
  const Stream stream;
  DeviceBuffer<T> buffer(values.size());
  buffer.upload(values, stream);
  stream.synchronize();
  return buffer;
}

template <class T>
std::vector<T> on_host(const DeviceBuffer<T>& buffer, const Stream& stream) {
  std::vector<T> values(buffer.size());
  buffer.download(values, stream);
  stream.synchronize();
  return values;
}

/// 0.5, 1.5, ...: different everywhere, and sums of a few thousand are exact.
inline std::vector<float> ramp(std::size_t size) {
  std::vector<float> values(size);
  std::iota(values.begin(), values.end(), 0.5F);
  return values;
}

/// Skips where there is no GPU; the emulator is always there.
class OnDevice : public testing::Test {
 protected:
  void SetUp() override {
#ifndef COURSE_SIMT
    std::string why_not;
    if (!describe_gpu(why_not)) GTEST_SKIP() << why_not;
#endif
  }
};

}  // namespace CNN_GPU
}  // namespace cnn
