// Host side of all tests of kernels: vectors in, vectors out.
#pragma once

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "common/cuda/buffer.hpp"
#include "common/cuda/stream.hpp"
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

/// After all that is in `stream`.
template <class T>
std::vector<T> on_host(const DeviceBuffer<T>& buffer,
                       const Stream& stream = Stream()) {
  std::vector<T> values(buffer.size());
  buffer.download(values, stream);
  stream.synchronize();
  return values;
}

/// first, first + 1, ...: different everywhere, and small sums are exact.
inline std::vector<float> ramp(std::size_t size, float first = 0.5F) {
  std::vector<float> values(size);
  std::iota(values.begin(), values.end(), first);
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
