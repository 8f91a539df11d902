// Everything in common/cuda, on a GPU; skipped, with the reason, without one.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/cuda/buffer.hpp"
#include "common/cuda/event.hpp"
#include "common/cuda/launch.cuh"
#include "common/cuda/timing.hpp"
#include "common/errors.hpp"
#include "common/machine.hpp"
#include "common/peaks.hpp"

namespace cnn {
namespace {

__global__ void add_to_each(float* values, int size, float term) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < size) values[i] += term;
}

/// Each block writes the sum of 0 .. blockDim.x - 1, by way of dynamic shared
/// memory of whatever size it was given.
__global__ void sum_in_shared(int* sums, int last) {
  extern __shared__ int shared[];
  const int thread = static_cast<int>(threadIdx.x);
  shared[thread] = thread;
  if (thread == 0) shared[last] = 0;
  __syncthreads();
  if (thread == 0) {
    int sum = shared[last];
    for (unsigned i = 0; i < blockDim.x; ++i) sum += shared[i];
    sums[blockIdx.x] = sum;
  }
}

class Cuda : public testing::Test {
 protected:
  void SetUp() override {
    std::string why_not;
    gpu = describe_gpu(why_not);
    if (!gpu) GTEST_SKIP() << why_not;
  }
  std::optional<Gpu> gpu;
};

TEST(CudaDescription, IsAGpuOrASentence) {
  std::string why_not;
  const auto gpu = describe_gpu(why_not);
  EXPECT_NE(gpu.has_value(), !why_not.empty());
  // Without a driver cudaGetLastError itself fails, whatever went before.
  if (gpu) {
    EXPECT_EQ(cudaGetLastError(), cudaSuccess) << "an error was left behind";
  }
}

TEST(CudaCheck, NamesTheCallAndTheError) {
  EXPECT_NO_THROW(cuda_check(cudaSuccess, "nothing"));
  try {
    cuda_check(cudaErrorInvalidValue, "cudaSomething");
    FAIL() << "no exception";
  } catch (const CudaError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("cudaSomething: cudaErrorInvalidValue"),
              std::string::npos)
        << message;
    EXPECT_EQ(error.code(), cudaErrorInvalidValue);
  }
}

TEST_F(Cuda, DescribesTheDevice) {
  EXPECT_FALSE(gpu->name.empty());
  EXPECT_NE(gpu->compute_capability.find('.'), std::string::npos);
  EXPECT_FALSE(gpu->driver.empty());
  EXPECT_FALSE(gpu->runtime.empty());
  EXPECT_GT(gpu->memory_bytes, 0);
  EXPECT_GT(gpu->multiprocessors, 0);
}

TEST_F(Cuda, UploadsLaunchesAndDownloads) {
  constexpr int kSize = 1001;
  std::vector<float> values(kSize);
  std::iota(values.begin(), values.end(), 0.0F);
  const Stream stream;
  DeviceBuffer<float> buffer(values.size());
  buffer.upload(values, stream);
  launch(add_to_each, {dim3((kSize + 255) / 256), dim3(256)}, stream,
         buffer.data(), kSize, 0.5F);
  std::vector<float> result(kSize);
  buffer.download(result, stream);
  stream.synchronize();
  for (int i = 0; i < kSize; ++i) {
    ASSERT_EQ(result[static_cast<std::size_t>(i)],
              static_cast<float>(i) + 0.5F);
  }
}

TEST_F(Cuda, BuffersCheckSizesAndMove) {
  const Stream stream;
  std::vector<float> three(3, 1.0F);
  DeviceBuffer<float> buffer(4);
  EXPECT_THROW(buffer.upload(three, stream), std::invalid_argument);
  EXPECT_THROW(buffer.download(three, stream), std::invalid_argument);

  const float* const memory = buffer.data();
  DeviceBuffer<float> moved = std::move(buffer);
  EXPECT_EQ(moved.data(), memory);
  EXPECT_EQ(moved.size(), 4U);
  moved = DeviceBuffer<float>(2);
  EXPECT_EQ(moved.size(), 2U);

  const DeviceBuffer<float> empty(0);
  EXPECT_EQ(empty.data(), nullptr);
}

TEST_F(Cuda, TooMuchMemoryIsASentenceAndNoLastingError) {
  try {
    const DeviceBuffer<std::byte> buffer(std::size_t{1} << 50);
    FAIL() << "no exception";
  } catch (const InputError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("asked for"), std::string::npos) << message;
    EXPECT_NE(message.find("free"), std::string::npos) << message;
  }
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  EXPECT_THROW(DeviceBuffer<float>(static_cast<std::size_t>(-1)),
               std::length_error);
}

TEST_F(Cuda, LaunchReportsWhatCannotBeLaunched) {
  const Stream stream;
  DeviceBuffer<float> buffer(1);
  EXPECT_THROW(launch(add_to_each, {dim3(1), dim3(4096)}, stream, buffer.data(),
                      1, 1.0F),
               CudaError);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess) << "the error was not taken away";
}

TEST_F(Cuda, LaunchGrantsLargeSharedMemory) {
  int most = 0;
  cuda_check(
      cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, 0),
      "cudaDeviceGetAttribute");
  const Stream stream;
  DeviceBuffer<int> sums(2);
  const int last = most / static_cast<int>(sizeof(int)) - 1;
  launch(sum_in_shared, {dim3(2), dim3(64), static_cast<std::size_t>(most)},
         stream, sums.data(), last);
  std::vector<int> result(2);
  sums.download(result, stream);
  stream.synchronize();
  EXPECT_EQ(result, (std::vector<int>{2016, 2016}));
}

TEST_F(Cuda, EventsAreInOrder) {
  const Stream stream;
  const Event first;
  const Event second;
  first.record(stream);
  DeviceBuffer<float> buffer(1 << 20);
  buffer.upload(std::vector<float>(1 << 20), stream);
  launch(add_to_each, {dim3(4096), dim3(256)}, stream, buffer.data(), 1 << 20,
         1.0F);
  second.record(stream);
  second.synchronize();
  EXPECT_GT(second.seconds_since(first), 0);
  EXPECT_LT(second.seconds_since(first), 1);
}

TEST_F(Cuda, TimingWarmsUpAndRepeats) {
  const Stream stream;
  DeviceBuffer<float> buffer(1 << 20);
  buffer.upload(std::vector<float>(1 << 20), stream);
  long calls = 0;
  const Timing timing = time_on_gpu(
      stream,
      [&] {
        ++calls;
        launch(add_to_each, {dim3(4096), dim3(256)}, stream, buffer.data(),
               1 << 20, 1.0F);
      },
      TimingPlan::quick());
  EXPECT_GE(timing.repetitions, 5);
  EXPECT_GT(calls, timing.repetitions);
  EXPECT_GT(timing.minimum_s, 0);
  EXPECT_LE(timing.q1_s, timing.median_s);
  EXPECT_LE(timing.median_s, timing.q3_s);
}

TEST_F(Cuda, PeaksArePlausible) {
  const GpuPeaks peaks = measure_gpu_peaks(true);
  EXPECT_GT(peaks.fp32_flops, 1e10);
  EXPECT_LT(peaks.fp32_flops, 1e15);
  EXPECT_GT(peaks.bytes_per_s, 1e9);
  EXPECT_LT(peaks.bytes_per_s, 1e14);
}

}  // namespace
}  // namespace cnn
