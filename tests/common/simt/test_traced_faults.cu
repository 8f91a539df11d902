// Broken kernels that only the hooks can catch; each beside a line number.
#include <gtest/gtest.h>

#include <vector>

#include "common/cuda/launch.cuh"
#include "tests/common/simt/faulty.hpp"
#include "tests/common/simt/kernels.cuh"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
namespace {

using simt::expect_words;
using simt::Fault;
using simt::fault_of;
using simt::FaultKind;

template <class Kernel>
Fault fault_in(Kernel kernel, const LaunchShape& shape) {
  return fault_of([&] {
    auto numbers = on_device(std::vector<int>(256));
    const Stream stream;
    launch(kernel, shape, stream, numbers.data());
  });
}

constexpr int kMissingBarrierLine = __LINE__ + 5;
__global__ void lacks_a_barrier(int* numbers) {
  __shared__ int tile[64];
  const unsigned i = threadIdx.x;
  tile[i] = static_cast<int>(i);
  numbers[i] = tile[i ^ 32];
}

TEST(TracedFaults, AMissingBarrierIsARaceOrAReadTooEarly) {
  // Thread 0 reads what thread 32 has not written yet: it comes first.
  const Fault early = fault_in(lacks_a_barrier, {dim3(1), dim3(64)});
  EXPECT_EQ(early.kind, FaultKind::kUninitialised);
  EXPECT_EQ(early.line, kMissingBarrierLine);
  EXPECT_EQ(early.thread.x, 0U);
  expect_words(early, {"byte 128 of tile", "test_traced_faults.cu"});
}

constexpr int kRaceLine = __LINE__ + 5;
__global__ void reads_what_was_just_written(int* numbers) {
  __shared__ int tile[64];
  tile[threadIdx.x] = 1;
  if (threadIdx.x == 0) return;
  numbers[threadIdx.x] = tile[threadIdx.x - 1];
}

TEST(TracedFaults, ARaceNamesBothThreadsAndLines) {
  const Fault race = fault_in(reads_what_was_just_written, {dim3(1), dim3(64)});
  EXPECT_EQ(race.kind, FaultKind::kRace);
  EXPECT_EQ(race.line, kRaceLine);
  EXPECT_EQ(race.thread.x, 1U);
  expect_words(race, {"reads shared memory, byte 0 of tile", "was written",
                      "by thread (0,0,0)", "__syncthreads()",
                      (":" + std::to_string(kRaceLine - 2)).c_str()});
}

constexpr int kSecondBarrierLine = __LINE__ + 9;
/// The barrier at the end of the loop is missing: a fast thread overwrites the
/// tile that a slow one still reads.
__global__ void lacks_the_second_barrier(int* numbers) {
  __shared__ int tile[64];
  int sum = 0;
  for (int k = 0; k < 4; ++k) {
    tile[threadIdx.x] = k;
    __syncthreads();
    for (int i = 0; i < 64; ++i) sum += tile[i];
  }
  numbers[threadIdx.x] = sum;
}

TEST(TracedFaults, AMissingSecondBarrier) {
  const Fault race = fault_in(lacks_the_second_barrier, {dim3(1), dim3(64)});
  EXPECT_EQ(race.kind, FaultKind::kRace);
  EXPECT_EQ(race.line, kSecondBarrierLine);
  expect_words(race, {"thread (1,0,0)", "tile, which was written since",
                      "by thread (0,0,0)"});
}

__global__ void all_count_without_atomics(int* numbers) {
  numbers[0] += 1;
}

TEST(TracedFaults, ARaceOnGlobalMemory) {
  const Fault within = fault_in(all_count_without_atomics, {dim3(1), dim3(2)});
  EXPECT_EQ(within.kind, FaultKind::kRace);
  const Fault between = fault_in(all_count_without_atomics, {dim3(2), dim3(1)});
  EXPECT_EQ(between.kind, FaultKind::kRaceBetweenBlocks);
  expect_words(between, {"another block has written"});
}

__global__ void within_a_warp(int* numbers) {
  __shared__ int tile[32];
  tile[threadIdx.x] = 1;
  __syncwarp();
  numbers[threadIdx.x] = tile[31 - threadIdx.x];
}

TEST(TracedFaults, ABarrierOfTheWarpIsEnoughForAWarp) {
  auto numbers = on_device(std::vector<int>(32));
  const Stream stream;
  launch(within_a_warp, {dim3(1), dim3(32)}, stream, numbers.data());
  EXPECT_EQ(on_host(numbers, stream), std::vector<int>(32, 1));
}

__global__ void forgets_an_edge(int* numbers) {
  __shared__ int tile[34];
  tile[threadIdx.x + 1] = 1;
  if (threadIdx.x == 0) tile[0] = 0;
  __syncthreads();
  numbers[threadIdx.x] = tile[threadIdx.x] + tile[threadIdx.x + 2];
}

TEST(TracedFaults, AnEdgeThatNobodyFills) {
  const Fault fault = fault_in(forgets_an_edge, {dim3(1), dim3(32)});
  EXPECT_EQ(fault.kind, FaultKind::kUninitialised);
  EXPECT_EQ(fault.thread.x, 31U);
  expect_words(fault, {"byte 132 of tile", "nothing has been written"});
}

__global__ void does_not_wait(const int* from, int* to) {
  __shared__ int tile[32];
  const unsigned i = threadIdx.x;
  __pipeline_memcpy_async(&tile[i], &from[i], sizeof(int));
  __pipeline_commit();
  to[i] = tile[i];
}

TEST(TracedFaults, ACopyThatWasNotWaitedFor) {
  const auto from = on_device(std::vector<int>(32));
  DeviceBuffer<int> to(32);
  const Fault fault = fault_of([&] {
    const Stream stream;
    launch(does_not_wait, {dim3(1), dim3(32)}, stream, from.data(), to.data());
  });
  EXPECT_EQ(fault.kind, FaultKind::kUninitialised);
}

__global__ void copy_one(const int* from, int* to, int index) {
  to[threadIdx.x] = from[index];
}

TEST(TracedFaults, AddressesThatAreNotTheKernels) {
  const auto from = on_device(std::vector<int>(100));
  DeviceBuffer<int> fresh(100);
  DeviceBuffer<int> to(1);
  const std::vector<int> host(4);
  const auto fault_at = [&](const int* memory, int index) {
    return fault_of([&] {
      const Stream stream;
      launch(copy_one, {dim3(1), dim3(1)}, stream, memory, to.data(), index);
    });
  };
  const Fault behind = fault_at(from.data(), 100);
  EXPECT_EQ(behind.kind, FaultKind::kOutOfBounds);
  expect_words(behind, {"reads 4 bytes from byte 400 of an allocation of 400"});
  expect_words(fault_at(from.data(), -1), {"from byte -4 of"});
  EXPECT_EQ(fault_at(fresh.data(), 5).kind, FaultKind::kUninitialised);
  EXPECT_EQ(fault_at(host.data(), 0).kind, FaultKind::kIllegalAddress);
}

constexpr int kMisalignedLine = __LINE__ + 2;
__global__ void reads_two_at_once(const int* from, int* to, int index) {
  const int2 two = *reinterpret_cast<const int2*>(&from[index]);
  to[threadIdx.x] = two.x + two.y;
}

TEST(TracedFaults, AVectorWhereNoneCanLie) {
  const auto from = on_device(std::vector<int>(7));
  DeviceBuffer<int> to(1);
  const auto read = [&](int index) {
    const Stream stream;
    launch(reads_two_at_once, {dim3(1), dim3(1)}, stream, from.data(),
           to.data(), index);
  };
  read(2);
  const Fault fault = fault_of([&] { read(3); });
  EXPECT_EQ(fault.kind, FaultKind::kMisaligned);
  EXPECT_EQ(fault.line, kMisalignedLine);
  expect_words(fault,
               {"reads 8 bytes at once, 4 bytes behind a multiple of 8"});
  const Fault half_outside = fault_of([&] { read(6); });
  EXPECT_EQ(half_outside.kind, FaultKind::kOutOfBounds);
  expect_words(half_outside,
               {"reads 8 bytes from byte 24 of an allocation of 28"});
}

__global__ void beyond_shared(int* numbers) {
  int* const all = dynamic_shared<int>();
  all[threadIdx.x] = 1;
  numbers[threadIdx.x] = all[threadIdx.x];
}

TEST(TracedFaults, BeyondDynamicSharedMemory) {
  const Fault fault =
      fault_in(beyond_shared, {dim3(1), dim3(32), 31 * sizeof(int)});
  EXPECT_EQ(fault.kind, FaultKind::kOutOfBounds);
  EXPECT_EQ(fault.thread.x, 31U);
  expect_words(fault,
               {"writes 4 bytes from byte 124 of dynamic shared memory"});
}

}  // namespace
}  // namespace cnn
