// Counts of the microscope against counts by hand.
#include "common/simt/microscope.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "common/cuda/async_copy.cuh"
#include "common/cuda/launch.cuh"
#include "common/cuda/memory_names.hpp"
#include "common/simt/recording.hpp"
#include "tests/common/simt/kernels.cuh"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
namespace {

using simt::AccessCounts;
using simt::KernelCounts;
using simt::MemoryCounts;
using simt::Microscope;

TEST(Microscope, CoalescedAndStridedAccess) {
  const auto from = on_device(ramp(64 * 33));
  DeviceBuffer<float> to(64);
  const Stream stream;
  // Sectors of 32 bytes that one request of 32 floats touches.
  for (const auto& [stride, sectors] :
       {std::pair{1, 4}, {2, 8}, {3, 12}, {8, 32}, {33, 32}}) {
    const Microscope microscope;
    launch(gather, {dim3(1), dim3(64)}, stream, from.data(), to.data(), stride);
    const KernelCounts counts = microscope.kernel("gather");
    EXPECT_EQ(counts.launches, 1);
    EXPECT_EQ(counts.total.global_load.requests, 2);
    EXPECT_EQ(counts.total.global_load.sectors, 2 * sectors) << stride;
    EXPECT_EQ(counts.total.global_load.bytes, 256);
    EXPECT_EQ(counts.total.global_store.requests, 2);
    EXPECT_EQ(counts.total.global_store.sectors, 8);
    EXPECT_EQ(counts.distinct_bytes_read, 256);
    EXPECT_EQ(counts.times_read(), 1);
    EXPECT_EQ(counts.global_traffic_bytes(), 32 * (2 * sectors + 8));
  }
}

TEST(Microscope, MisalignedAccessTakesOneSectorMore) {
  const auto from = on_device(ramp(64));
  DeviceBuffer<float> to(32);
  const Stream stream;
  const Microscope microscope;
  launch(gather, {dim3(1), dim3(32)}, stream, from.data() + 1, to.data(), 1);
  EXPECT_EQ(microscope.kernel("gather").total.global_load.sectors, 5);
}

TEST(Microscope, TheLastBlockHasFewerLanes) {
  const auto a = on_device(ramp(40));
  DeviceBuffer<float> sum(40);
  const Stream stream;
  const Microscope microscope;
  launch(add, {dim3(2), dim3(32)}, stream, a.data(), a.data(), sum.data(), 40);
  const KernelCounts counts = microscope.kernel("add");
  EXPECT_EQ(counts.total.global_load.requests, 4);
  EXPECT_EQ(counts.total.global_load.sectors, 2 * (4 + 1));
  EXPECT_EQ(counts.total.global_load.bytes, 2 * 160);
  EXPECT_EQ(counts.distinct_bytes_read, 160);
  EXPECT_EQ(counts.times_read(), 2);
}

template <int kPadding>
AccessCounts column_loads() {
  const auto from = on_device(ramp(32 * 32));
  DeviceBuffer<float> to(32 * 32);
  const Stream stream;
  const Microscope microscope;
  launch(transpose<kPadding>, {dim3(1), dim3(32, 32)}, stream, from.data(),
         to.data(), 32);
  const KernelCounts counts = microscope.kernels().at(0);
  EXPECT_EQ(counts.total.shared_store.conflicts, 0);
  EXPECT_EQ(counts.total.global_load.sectors, 32 * 4);
  EXPECT_EQ(counts.total.global_store.sectors, 32 * 4);
  return counts.total.shared_load;
}

TEST(Microscope, AColumnOfATileLiesInOneBankUnlessPadded) {
  const AccessCounts bare = column_loads<0>();
  EXPECT_EQ(bare.requests, 32);
  EXPECT_EQ(bare.wavefronts, 32 * 32);
  EXPECT_EQ(bare.conflicts, 32 * 31);
  const AccessCounts padded = column_loads<1>();
  EXPECT_EQ(padded.requests, 32);
  EXPECT_EQ(padded.wavefronts, 32);
  EXPECT_EQ(padded.conflicts, 0);
}

TEST(Microscope, ATiledProductReadsEachElementOncePerTile) {
  constexpr int kSize = 64;
  constexpr int kTile = 16;
  const auto a = on_device(ramp(kSize * kSize));
  DeviceBuffer<float> c(kSize * kSize);
  const Stream stream;
  const Microscope microscope;
  launch(multiply<kTile>,
         {dim3(kSize / kTile, kSize / kTile), dim3(kTile, kTile)}, stream,
         a.data(), a.data(), c.data(), kSize);
  const KernelCounts counts = microscope.kernels().at(0);
  const std::int64_t steps = kSize / kTile;
  const std::int64_t warps = kSize * kSize / 32;
  EXPECT_EQ(counts.total.global_load.requests, warps * steps * 2);
  // A warp is two rows of a tile, of 16 floats each: 2 sectors a row.
  EXPECT_EQ(counts.total.global_load.sectors_per_request(), 4);
  EXPECT_EQ(counts.total.shared_load.requests, warps * steps * kTile * 2);
  EXPECT_EQ(counts.total.shared_store.requests, warps * steps * 2);
  EXPECT_EQ(counts.total.shared_load.conflicts, 0);
  EXPECT_EQ(counts.distinct_bytes_read, kSize * kSize * 4);
  EXPECT_EQ(counts.times_read(), 2.0 * steps);
  const double flop = 2.0 * kSize * kSize * kSize;
  EXPECT_DOUBLE_EQ(counts.arithmetic_intensity(flop),
                   flop / static_cast<double>(counts.global_traffic_bytes()));
}

TEST(Microscope, WideAccessesTakeAPassForEachQuarterOfAWarp) {
  const auto from = on_device(std::vector<float4>(32));
  DeviceBuffer<float4> to(32);
  const Stream stream;
  const Microscope microscope;
  launch(copy_vectors, {dim3(1), dim3(32)}, stream, from.data(), to.data());
  const KernelCounts counts = microscope.kernel("copy_vectors");
  EXPECT_EQ(counts.total.global_load.requests, 1);
  EXPECT_EQ(counts.total.global_load.sectors, 16);
  EXPECT_EQ(counts.total.global_store.requests, 1);
  EXPECT_EQ(counts.total.global_store.bytes, 512);
}

__global__ void wide_shared(float4* to) {
  __shared__ float4 tile[32];
  tile[threadIdx.x] = make_float4(1, 2, 3, 4);
  __syncthreads();
  to[threadIdx.x] = tile[31 - threadIdx.x];
}

TEST(Microscope, WideSharedAccessesWithoutConflicts) {
  DeviceBuffer<float4> to(32);
  const Stream stream;
  const Microscope microscope;
  launch(wide_shared, {dim3(1), dim3(32)}, stream, to.data());
  const KernelCounts counts = microscope.kernel("wide_shared");
  EXPECT_EQ(counts.total.shared_load.wavefronts, 4);
  EXPECT_EQ(counts.total.shared_load.conflicts, 0);
}

/// The bits of a number that are not among `bits`, pushed together.
__device__ int without(int bits, int number) {
  int result = 0;
  int place = 1;
  for (int bit = 1; bit < 32; bit *= 2) {
    if ((bits & bit) != 0) continue;
    if ((number & bit) != 0) result += place;
    place *= 2;
  }
  return result;
}

/// Lanes whose numbers differ in these bits alone want the same four floats;
/// what different ones want lies so far apart.
__global__ void wide_shared_by_groups(int same, int apart, float4* to) {
  __shared__ float4 tile[64];
  const int i = static_cast<int>(threadIdx.x);
  tile[i] = make_float4(1, 2, 3, 4);
  tile[32 + i] = make_float4(1, 2, 3, 4);
  __syncthreads();
  to[i] = tile[apart * without(same, i)];
}

AccessCounts loads_of_groups(int same, int apart = 1) {
  DeviceBuffer<float4> to(32);
  const Stream stream;
  const Microscope microscope;
  launch(wide_shared_by_groups, {dim3(1), dim3(32)}, stream, same, apart,
         to.data());
  return microscope.kernel("wide_shared_by_groups").total.shared_load;
}

/// As an H200 counts: half a warp at once where neighbours share.
TEST(Microscope, SharedWideLoadsTakeAPassForEachHalfOfAWarp) {
  EXPECT_EQ(loads_of_groups(0).wavefronts, 4);
  EXPECT_EQ(loads_of_groups(1).wavefronts, 2);
  EXPECT_EQ(loads_of_groups(2).wavefronts, 2);
  EXPECT_EQ(loads_of_groups(3).wavefronts, 2);
  EXPECT_EQ(loads_of_groups(31).wavefronts, 2);  // all: still two halves
  // Neither the next lane nor the one after it: a quarter each, as ever.
  EXPECT_EQ(loads_of_groups(4).wavefronts, 4);
  EXPECT_EQ(loads_of_groups(16).wavefronts, 4);
  // What eight pairs want does not fit into a pass; what four want does.
  EXPECT_EQ(loads_of_groups(1, 2).wavefronts, 4);
  EXPECT_EQ(loads_of_groups(1, 2).conflicts, 0);
}

__global__ void copy_asynchronously(const float* from, float* to) {
  __shared__ float tile[32 * 2];
  const unsigned i = threadIdx.x;
  // All even places: two lanes for each of 16 banks.
  __pipeline_memcpy_async(&tile[2 * i], &from[i], sizeof(float));
  __pipeline_commit();
  tile[2 * i + 1] = 0;
  __pipeline_wait_prior(0);
  __syncthreads();
  to[i] = tile[2 * i] + tile[2 * i + 1];
}

/// GPUs do not count them among the stores.
TEST(Microscope, WhatAsynchronousCopiesBringIsKnownApart) {
  const auto from = on_device(ramp(32));
  DeviceBuffer<float> to(32);
  const Stream stream;
  const Microscope microscope;
  launch(copy_asynchronously, {dim3(1), dim3(32)}, stream, from.data(),
         to.data());
  const MemoryCounts counts = microscope.kernel("copy_asynchronously").total;
  EXPECT_EQ(counts.global_load.requests, 1);
  EXPECT_EQ(counts.shared_store.requests, 2);
  EXPECT_EQ(counts.shared_store.conflicts, 2);
  EXPECT_EQ(counts.shared_store.arrivals, 1);
  EXPECT_EQ(counts.shared_store.arrival_wavefronts, 2);
  EXPECT_EQ(counts.shared_store.arrival_conflicts, 1);
  EXPECT_EQ(counts.shared_load.arrivals, 0);
}

/// A warp copies 16 bytes a lane: in global memory one behind the other, in
/// shared memory rows of so many floats, each four floats behind the last.
__global__ void copy_wide_rows(const float* from, int row, int first,
                               float4* to) {
  alignas(32) __shared__ float tile[32 * 8 + 8];
  const int i = 4 * static_cast<int>(threadIdx.x);
  float* const own = &tile[first + i + i / row * 4];
  __pipeline_memcpy_async(own, &from[i], sizeof(float4));
  __pipeline_commit();
  __pipeline_wait_prior(0);
  to[threadIdx.x] = *reinterpret_cast<const float4*>(own);
}

AccessCounts wide_copies(int row, int first, int lanes = 32, int begin = 0) {
  const auto from = on_device(ramp(begin + 32 * 4));
  DeviceBuffer<float4> to(32);
  const Stream stream;
  const Microscope microscope;
  launch(copy_wide_rows, {dim3(1), dim3(static_cast<unsigned>(lanes))}, stream,
         from.data() + begin, row, first, to.data());
  return microscope.kernel("copy_wide_rows").total.global_load;
}

/// As an H200 counts, which has to put what it copies into 32 bytes of shared
/// memory at a time, from one line of 128 bytes.
TEST(Microscope, WideCopiesCountTheSectorsOfSharedMemory) {
  EXPECT_EQ(wide_copies(128, 0).requests, 1);
  EXPECT_EQ(wide_copies(128, 0).bytes, 512);
  EXPECT_EQ(wide_copies(128, 0).sectors, 4 * 4);
  EXPECT_EQ(wide_copies(128, 4).sectors, 4 * 5);
  EXPECT_EQ(wide_copies(128, 8).sectors, 4 * 4);
  EXPECT_EQ(wide_copies(128, 4, 8).sectors, 5);
  // Two rows of 64 floats, the second half a sector further on.
  EXPECT_EQ(wide_copies(64, 0).sectors, 2 * 4 + 2 * 5);
  // Rows of 48: the second line belongs half to one row and half to the next.
  EXPECT_EQ(wide_copies(48, 0).sectors, 4 + 5 + 5 + 4);
  // From the middle of a line: half a line more, and a half that has three.
  EXPECT_EQ(wide_copies(64, 0, 32, 16).sectors, 2 + 4 + 5 + 5 + 3);
}

struct Two {
  float a;
  float b;
};
struct Three {
  float a;
  float b;
  float c;
};

template <class Struct>
__global__ void copy_structs(const Struct* from, Struct* to) {
  __shared__ Struct tile[32];
  tile[threadIdx.x] = from[threadIdx.x];
  __syncthreads();
  to[threadIdx.x] = tile[threadIdx.x];
}

template <class Struct>
MemoryCounts copies_of() {
  const auto from = on_device(std::vector<Struct>(32));
  DeviceBuffer<Struct> to(32);
  const Stream stream;
  const Microscope microscope;
  launch(copy_structs<Struct>, {dim3(1), dim3(32)}, stream, from.data(),
         to.data());
  return microscope.kernels().at(0).total;
}

/// An array in shared memory lies where the compiler wants it; of an address
/// somewhere else it knows that a float may lie there, and no more.
TEST(Microscope, AStructIsAnAccessForEachMember) {
  const MemoryCounts two = copies_of<Two>();
  EXPECT_EQ(two.global_load.requests, 2);
  EXPECT_EQ(two.global_load.bytes, 256);
  EXPECT_EQ(two.global_load.sectors, 2 * 8);
  EXPECT_EQ(two.global_store.requests, 2);
  EXPECT_EQ(two.shared_store.requests, 1);
  EXPECT_EQ(two.shared_load.requests, 1);
  EXPECT_EQ(two.shared_load.wavefronts, 2);
  const MemoryCounts three = copies_of<Three>();
  EXPECT_EQ(three.global_load.requests, 3);
  EXPECT_EQ(three.global_load.bytes, 384);
  EXPECT_EQ(three.global_store.sectors, 3 * 12);
  EXPECT_EQ(three.shared_store.requests, 3);
  EXPECT_EQ(three.shared_load.wavefronts, 3);
  EXPECT_EQ(three.shared_load.conflicts, 0);
}

struct Pair {
  const float* from;
  float* to;
};

__global__ void copy_pair(Pair pair) {
  pair.to[threadIdx.x] = pair.from[threadIdx.x];
}

TEST(Recording, NamesMemoryThatNoParameterPointsTo) {
  const auto from = on_device(ramp(32));
  DeviceBuffer<float> to(32);
  name_memory(from.data(), "from");
  const Stream stream;
  const simt::Recording recording("copy_pair");
  launch(copy_pair, {dim3(1), dim3(32)}, stream, Pair{from.data(), to.data()});
  ASSERT_EQ(recording.arrays().size(), 2U);
  EXPECT_EQ(recording.arrays()[0].name, "from");
  EXPECT_EQ(recording.arrays()[0].bytes, 32 * sizeof(float));
  EXPECT_EQ(recording.arrays()[1].name, "");  // nobody gave it one
}

constexpr int kLoadLine = __LINE__ + 6;
/// Lanes skip the elements that lie outside, as at the edge of a picture.
__global__ void window(const float* from, float* to, int size) {
  const int i = static_cast<int>(threadIdx.x);
  float sum = 0;
  for (int offset = -2; offset <= 2; ++offset) {
    if (i + offset >= 0 && i + offset < size) sum += from[i + offset];
  }
  to[i] = sum;
}

TEST(Microscope, LanesThatSkipAnIterationStayInStep) {
  const auto from = on_device(ramp(32));
  DeviceBuffer<float> to(32);
  const Stream stream;
  const Microscope microscope;
  launch(window, {dim3(1), dim3(32)}, stream, from.data(), to.data(), 32);
  const KernelCounts counts = microscope.kernel("window");
  EXPECT_EQ(counts.total.global_load.requests, 5);
  EXPECT_EQ(counts.total.global_load.bytes, 4 * (30 + 31 + 32 + 31 + 30));
  EXPECT_EQ(counts.total.global_load.sectors, 5 * 4);
  ASSERT_EQ(counts.lines.size(), 2U);
  EXPECT_EQ(counts.lines[0].line, kLoadLine);
  EXPECT_TRUE(counts.lines[0].file.ends_with("test_microscope.cu"));
  EXPECT_EQ(counts.lines[0].counts.global_load.requests, 5);
  EXPECT_EQ(counts.lines[1].counts.global_store.requests, 1);
}

TEST(Microscope, AtomicsAreRequestsOfTheirOwn) {
  const auto values = on_device(std::vector<int>(32));
  auto counts_of_values = on_device(std::vector<int>(1));
  const Stream stream;
  const Microscope microscope;
  launch(histogram, {dim3(1), dim3(32)}, stream, values.data(),
         counts_of_values.data(), 32);
  const KernelCounts counts = microscope.kernel("histogram");
  EXPECT_EQ(counts.total.global_atomic.requests, 1);
  EXPECT_EQ(counts.total.global_atomic.sectors, 1);
  EXPECT_EQ(counts.total.global_load.requests, 1);
}

TEST(Microscope, OneAtATimeAndNoUnknownKernels) {
  const Microscope microscope;
  EXPECT_THROW(Microscope(), std::logic_error);
  EXPECT_THROW(microscope.kernel("nobody"), std::out_of_range);
}

}  // namespace
}  // namespace cnn
