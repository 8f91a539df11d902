// Broken kernels that the emulator catches without hooks.
#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "common/cuda/launch.cuh"
#include "common/errors.hpp"
#include "common/simt/sanitizer.hpp"
#include "tests/common/simt/faulty.hpp"
#include "tests/common/simt/kernels.cuh"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
namespace {

using simt::expect_words;
using simt::Fault;
using simt::fault_of;
using simt::FaultKind;

/// Runs a kernel of one int* on a few numbers.
template <class Kernel>
void run(Kernel kernel, const LaunchShape& shape) {
  DeviceBuffer<int> numbers(1024);
  const Stream stream;
  launch(kernel, shape, stream, numbers.data());
}

constexpr int kEarlyReturnLine = __LINE__ + 3;
__global__ void returns_early(int* numbers) {
  if (threadIdx.x >= 40) return;
  __syncthreads();
  numbers[threadIdx.x] = 1;
}

TEST(Faults, ThreadsThatEndBeforeABarrier) {
  const Fault fault = fault_of([] { run(returns_early, {dim3(2), dim3(64)}); });
  EXPECT_EQ(fault.kind, FaultKind::kDivergentBarrier);
  EXPECT_EQ(fault.kernel, "returns_early");
  EXPECT_EQ(fault.line, kEarlyReturnLine);
  EXPECT_TRUE(fault.file.ends_with("test_faults.cu")) << fault.file;
  EXPECT_EQ(fault.block.x, 0U);
  expect_words(fault, {"kernel returns_early", "block (0,0,0)", "40 of 64",
                       "24 of 64", "have ended", "__syncthreads()"});
}

__global__ void two_barriers(int* numbers) {
  if (threadIdx.x % 2 == 0) {
    numbers[0] = 1;
    __syncthreads();
  } else {
    __syncthreads();
  }
}

TEST(Faults, ThreadsAtTwoBarriers) {
  const Fault fault = fault_of([] { run(two_barriers, {dim3(1), dim3(64)}); });
  EXPECT_EQ(fault.kind, FaultKind::kDivergentBarrier);
  expect_words(fault, {"32 of 64 threads (the first is (0,0,0)) wait",
                       "32 of 64 threads (the first is (1,0,0)) wait"});
}

__global__ void shuffle_in_a_branch(int* numbers) {
  if (threadIdx.x < 10) {
    numbers[threadIdx.x] = __shfl_down_sync(0xffffffffU, 1, 1);
  } else {
    __syncthreads();
  }
}

TEST(Faults, LanesThatMissAShuffle) {
  const Fault fault = fault_of([] {
    run(shuffle_in_a_branch, {dim3(1), dim3(32)});
  });
  EXPECT_EQ(fault.kind, FaultKind::kDivergentBarrier);
  expect_words(fault, {"10 of 32", "__shfl_down_sync()", "0xffffffff"});
}

__global__ void throws(int* numbers) {
  if (numbers != nullptr) throw std::runtime_error("no such thing");
}

TEST(Faults, AnException) {
  const Fault fault = fault_of([] { run(throws, {dim3(1), dim3(1)}); });
  EXPECT_EQ(fault.kind, FaultKind::kException);
  expect_words(fault, {"no such thing", "thread (0,0,0)"});
}

/// The last block alone is wrong: whichever CPU thread runs it, it is found.
__global__ void wrong_at_the_end(int* numbers) {
  numbers[blockIdx.x] = 0;
  if (blockIdx.x >= 30 && threadIdx.x == 0) return;
  __syncthreads();
}

TEST(Faults, TheFirstFaultForAnyNumberOfCpuThreads) {
  for (const int threads : {1, 2, 5}) {
    simt::set_cpu_threads(threads);
    const Fault fault = fault_of([] {
      run(wrong_at_the_end, {dim3(50), dim3(32)});
    });
    EXPECT_EQ(fault.block.x, 30U);
  }
  simt::set_cpu_threads(0);
}

TEST(Faults, AKernelAfterAFaultRunsAsIfNothingHadBeen) {
  fault_of([] { run(returns_early, {dim3(2), dim3(64)}); });
  DeviceBuffer<int> numbers(64);
  const Stream stream;
  launch(number, {dim3(2), dim3(32)}, stream, numbers.data());
  const std::vector<int> result = on_host(numbers, stream);
  EXPECT_EQ(result[63], 63);
}

__global__ void index_too_large(int* numbers) {
  __shared__ int tile[8][9];
  const int i = static_cast<int>(threadIdx.x);
  tile[0][i] = i;  // row 0 ends at 9, the array does not
  __syncthreads();
  numbers[i] = tile[0][i];
}

/// Memory that nobody has written holds NaN, not what lay there by chance.
__global__ void reads_unwritten(float* result) {
  __shared__ float tile[4];
  float* const dynamic = dynamic_shared<float>();
  if (blockDim.x == 77) tile[threadIdx.x] = *result;  // else a constant
  result[threadIdx.x] = threadIdx.x == 0 ? tile[2] : dynamic[threadIdx.x];
}

TEST(Faults, UnwrittenMemoryIsNaN) {
  const Stream stream;
  DeviceBuffer<float> fresh(3);
  for (const float value : on_host(fresh, stream)) EXPECT_NE(value, value);
  launch(reads_unwritten, {dim3(1), dim3(3), 64}, stream, fresh.data());
  for (const float value : on_host(fresh, stream)) EXPECT_NE(value, value);
}

__global__ void lacks_a_barrier(int* numbers) {
  __shared__ int tile[64];
  const unsigned i = threadIdx.x;
  tile[i] = static_cast<int>(i);
  numbers[i] = tile[63 - i];
}

TEST(Faults, AMissingBarrierShowsInSomeOrderOfTheThreads) {
  const Stream stream;
  std::vector<std::vector<int>> results;
  for (const auto order : {simt::Order::kForward, simt::Order::kBackward}) {
    simt::set_order(order);
    DeviceBuffer<int> numbers(64);
    launch(lacks_a_barrier, {dim3(1), dim3(64)}, stream, numbers.data());
    results.push_back(on_host(numbers, stream));
  }
  simt::set_order(simt::Order::kForward);
  EXPECT_NE(results[0], results[1]);
}

__global__ void beyond_shared(int* numbers) {
  int* const all = dynamic_shared<int>();
  all[threadIdx.x] = 1;
  numbers[threadIdx.x] = all[threadIdx.x];
}

__global__ void beyond_global(int* numbers) {
  numbers[1024] = 7;
}

__global__ void too_much_shared(int* numbers) {
  __shared__ int tile[49 * 256];
  tile[threadIdx.x] = 0;
  __syncthreads();
  numbers[threadIdx.x] = tile[threadIdx.x];
}

TEST(Faults, MoreStaticSharedMemoryThanThereIs) {
  EXPECT_THROW(run(too_much_shared, {dim3(1), dim3(1)}), CudaError);
}

#ifdef COURSE_ASAN
TEST(FaultsDeathTest, SanitizersStopAtTheLine) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(run(index_too_large, {dim3(1), dim3(10)}), "out of bounds");
  EXPECT_DEATH(run(beyond_shared, {dim3(1), dim3(32), 31 * sizeof(int)}),
               "use-after-poison");
  EXPECT_DEATH(run(beyond_global, {dim3(1), dim3(1)}), "use-after-poison");
}
#else
TEST(Faults, AnIndexOutsideOfASharedArray) {
  const Fault fault = fault_of([] {
    run(index_too_large, {dim3(1), dim3(10)});
  });
  EXPECT_EQ(fault.kind, FaultKind::kOutOfBounds);
  EXPECT_EQ(fault.thread.x, 9U);
  EXPECT_GT(fault.line, 0);
  expect_words(fault, {"index 9", "[9]", "test_faults.cu"});
}

TEST(Faults, WritesBeyondDynamicSharedMemory) {
  const Fault fault = fault_of([] {
    run(beyond_shared, {dim3(1), dim3(32), 31 * sizeof(int)});
  });
  EXPECT_EQ(fault.kind, FaultKind::kGuardZone);
  expect_words(fault, {"124 bytes"});
}

TEST(Faults, WritesBeyondAnAllocation) {
  const Fault fault = fault_of([] { run(beyond_global, {dim3(1), dim3(1)}); });
  EXPECT_EQ(fault.kind, FaultKind::kGuardZone);
  expect_words(fault, {"kernel beyond_global", "4096 bytes"});
}
#endif

TEST(Memory, CopiesAreChecked) {
  DeviceBuffer<int> numbers(4);
  std::vector<int> host(8);
  EXPECT_EQ(cudaMemcpy(numbers.data(), host.data(), 20, cudaMemcpyHostToDevice),
            cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host.data(), host.data(), 4, cudaMemcpyDeviceToHost),
            cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(host.data()), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  EXPECT_THROW(DeviceBuffer<char>(std::size_t{1} << 50), InputError);
}

}  // namespace
}  // namespace cnn
