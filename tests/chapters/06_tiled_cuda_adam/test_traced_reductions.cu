// What the microscope sees of chapter 6's sums, and of its operations that go
// element by element: no races, and the traffic that the chapter claims.
#include <gtest/gtest.h>

#include <string>

#include "chapters/06_tiled_cuda_adam/block_sum.cuh"
#include "chapters/06_tiled_cuda_adam/last_block.cuh"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"
#include "common/cuda/launch.cuh"
#include "common/simt/microscope.hpp"
#include "tests/chapters/04_cpu_cnn/batch_norm_contract.hpp"
#include "tests/chapters/04_cpu_cnn/convolution_contract.hpp"
#include "tests/chapters/04_cpu_cnn/pooling_contract.hpp"
#include "tests/common/simt/faulty.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn::test {
inline namespace CNN_GPU {
namespace {

using simt::KernelCounts;
using simt::MemoryCounts;
using simt::Microscope;

constexpr std::int64_t kFloatsInSector = 8;
constexpr std::int64_t kFloatsInRequest = 32 * 4;  // four for each lane

/// Counts of the kernels whose names have this part.
KernelCounts counts_of(const Microscope& microscope, const std::string& part) {
  KernelCounts sum;
  for (const KernelCounts& kernel : microscope.kernels()) {
    if (kernel.name.find(part) == std::string::npos) continue;
    sum.launches += kernel.launches;
    sum.total += kernel.total;
    sum.distinct_bytes_read += kernel.distinct_bytes_read;
  }
  EXPECT_EQ(sum.launches, 1) << part;
  return sum;
}

/// Faults, races and reads of what was never written end a launch.
TEST(TracedReductions, NothingRaces) {
  TiledBackend backend;
  for (const BatchNormCase& which :
       {BatchNormCase{{{3, 2, 41, 43}}, 0, true},
        BatchNormCase{{{3, 9, 4, 6}, true}, 0, true},
        BatchNormCase{{{3, 2, 7, 6}, true, 2}, 0, true}}) {
    EXPECT_NO_THROW(EXPECT_EQ(complaints(backend, which), ""));
  }
  EXPECT_NO_THROW(
      EXPECT_EQ(complaints(backend, PoolGeometry{{2, 3, 7, 6}, 2, 2}), ""));
  for (const ConvolutionBlock& block :
       {ConvolutionBlock{{2, 3, 7, 6, 4, 3, 3, 1, 1}, true},
        ConvolutionBlock{{2, 3, 7, 6, 4, 3, 3, 1, 1}, true, 2},
        ConvolutionBlock{{3, 1, 9, 8, 5, 3, 3, 1, 0}, true, 2}}) {
    EXPECT_NO_THROW(EXPECT_EQ(complaints(backend, block), ""));
  }
  OnBackend on(backend);
  EXPECT_NO_THROW(
      backend.softmax_cross_entropy(19, 40, on.plain(random_floats(19 * 40, 1)),
                                    on.bytes(std::vector<std::uint8_t>(19, 3)),
                                    on.zeros(19 * 40), on.zeros(2)));
}

/// Fours: a quarter of the requests, and every sector once.
TEST(TracedReductions, FoursSaveRequests) {
  constexpr std::int64_t kSize = 4096;
  const Shape shape{4, 1024, 1, 1};
  TiledBackend backend;
  OnBackend on(backend);
  const Array a = on.zeros(kSize);
  const Array b = on.zeros(kSize);
  const Array c = on.zeros(kSize);
  const Microscope microscope;
  backend.relu_forward(shape, a, b);
  backend.relu_backward(shape, a, b, c);
  backend.dropout_forward(shape, {1, 2, 3, 0.5F}, a, b);
  backend.sgd_step(kSize, {}, a, b, c);
  const auto expect = [&](const std::string& kernel, std::int64_t reads,
                          std::int64_t writes) {
    const MemoryCounts counts = counts_of(microscope, kernel).total;
    EXPECT_EQ(counts.global_load.requests, reads * kSize / kFloatsInRequest)
        << kernel;
    EXPECT_EQ(counts.global_load.sectors, reads * kSize / kFloatsInSector)
        << kernel;
    EXPECT_EQ(counts.global_store.requests, writes * kSize / kFloatsInRequest)
        << kernel;
    EXPECT_EQ(counts.global_store.sectors, writes * kSize / kFloatsInSector)
        << kernel;
  };
  expect("relu_in_fours", 1, 1);
  expect("relu_gradient_in_fours", 2, 1);
  expect("drop_in_fours", 1, 1);
  expect("descend_in_fours", 3, 2);
}

/// Windows in pairs of pixels: every sector of input and gradient once.
TEST(TracedReductions, PoolingTouchesEverySectorOnce) {
  const PoolGeometry pool{{2, 4, 16, 32}, 2, 2};
  const std::int64_t size = pool.input.size();
  TiledBackend backend;
  OnBackend on(backend);
  const Array input = on.plain(random_floats(count(pool.input), 1));
  const Array output = on.zeros(size / 4);
  const Array gradient = on.zeros(size / 4);
  const Array back = on.zeros(size);
  const Microscope microscope;
  backend.max_pool_forward(pool, input, output);
  backend.max_pool_backward(pool, input, output, gradient, back);
  const MemoryCounts forward = counts_of(microscope, "max_pool_cells").total;
  EXPECT_EQ(forward.global_load.sectors, size / kFloatsInSector);
  EXPECT_EQ(forward.global_store.sectors, size / 4 / kFloatsInSector);
  const MemoryCounts backward =
      counts_of(microscope, "max_pool_gradient_cells").total;
  EXPECT_EQ(backward.global_load.sectors,
            (size + size / 4 + size / 4) / kFloatsInSector);
  EXPECT_EQ(backward.global_store.sectors, size / kFloatsInSector);
}

/// Mean and variance from one reading; the sums never leave the block.
TEST(TracedReductions, BatchNormReadsItsInputOnceForBothStatistics) {
  const BatchNormBlock block{{8, 3, 32, 32}, true, 2};
  const std::int64_t size = block.input.size();
  constexpr std::int64_t kSlices = 3 * 4;  // 8192 numbers a channel, by 2048
  TiledBackend backend;
  OnBackend on(backend);
  backend.reserve_batch_norm(block);
  const BatchNormArrays arrays{on.plain({1, 2, 3}), on.zeros(3), on.zeros(3),
                               on.zeros(3),         on.zeros(3), on.zeros(3)};
  const Array input = on.plain(random_floats(count(block.input), 1));
  const Array output = on.zeros(size / 4);
  const ByteArray winners = backend.allocate_bytes(size / 4);
  const Microscope microscope;
  backend.batch_norm_forward(block, arrays, 0.1F, 1e-5F, input, output,
                             winners);
  const KernelCounts moments = counts_of(microscope, "find_moments");
  EXPECT_EQ(moments.distinct_bytes_read, 4 * size);
  EXPECT_EQ(moments.total.global_load.requests, size / kFloatsInRequest);
  EXPECT_EQ(moments.total.global_load.sectors, size / kFloatsInSector);
  // Count, mean and squares, from each slice.
  EXPECT_EQ(moments.total.global_store.bytes, kSlices * 3 * 4);
  EXPECT_EQ(moments.total.shared_load.conflicts, 0);
  // Of what is normalised, a quarter is written.
  const MemoryCounts normalised =
      counts_of(microscope, "normalise_windows").total;
  EXPECT_EQ(normalised.global_store.bytes, size / 4 * (4 + 1));
}

enum class Mistake { kNone, kNoFirstBarrier, kNoLastBarrier };

/// block_sum() twice, with a barrier left out.
template <Mistake kMistake>
__global__ void sum_wrongly(const float* numbers, float* sums) {
  __shared__ float of_warp[2];
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int warp = static_cast<int>(threadIdx.x) / 32;
  for (int round = 0; round < 2; ++round) {
    float value = warp_sum(numbers[threadIdx.x]);
    if (lane == 0) of_warp[warp] = value;
    if (kMistake != Mistake::kNoFirstBarrier) __syncthreads();
    if (warp == 0) value = warp_sum(lane < 2 ? of_warp[lane] : 0.0F);
    if (kMistake != Mistake::kNoLastBarrier) __syncthreads();
    if (threadIdx.x == 0) sums[round] = value;
  }
}

template <Mistake kMistake>
void run_wrongly() {
  const auto numbers = on_device(ramp(64));
  DeviceBuffer<float> sums(2);
  const Stream stream;
  launch(sum_wrongly<kMistake>, {dim3(1), dim3(64)}, stream, numbers.data(),
         sums.data());
}

TEST(TracedReductions, MissingBarriersAreCaught) {
  using simt::fault_of;
  using simt::FaultKind;
  EXPECT_NO_THROW(run_wrongly<Mistake::kNone>());
  const FaultKind early = fault_of(run_wrongly<Mistake::kNoFirstBarrier>).kind;
  EXPECT_TRUE(early == FaultKind::kRace || early == FaultKind::kUninitialised);
  EXPECT_EQ(fault_of(run_wrongly<Mistake::kNoLastBarrier>).kind,
            FaultKind::kRace);
}

enum class Handing { kRight, kPlainWrite, kPlainRead, kFirstAdds };

/// Every block has one number, and one block adds them all; wrong in one way.
template <Handing kHanding>
__global__ void add_by_one(float* numbers, unsigned* counter, float* sum) {
  const unsigned block = blockIdx.x;
  if (threadIdx.x == 0) {
    if (kHanding == Handing::kPlainWrite) {
      numbers[block] = 1;
    } else {
      hand_over(1, &numbers[block]);
    }
  }
  const bool last = last_to_come(counter);
  if (!(kHanding == Handing::kFirstAdds ? block == 0 : last)) return;
  if (threadIdx.x != 0) return;
  float total = 0;
  for (unsigned i = 0; i < gridDim.x; ++i) {
    total +=
        kHanding == Handing::kPlainRead ? numbers[i] : take_over(&numbers[i]);
  }
  *sum = total;
}

/// The sum of two launches, one after the other, by one counter.
template <Handing kHanding>
std::vector<float> sums_of_two() {
  const Stream stream;
  auto numbers = on_device(std::vector<float>(7, 0));
  auto counter = on_device(std::vector<unsigned>{0});
  DeviceBuffer<float> sums(2);
  for (int time = 0; time < 2; ++time) {
    launch(add_by_one<kHanding>, {dim3(7), dim3(64)}, stream, numbers.data(),
           counter.data(), sums.data() + time);
  }
  return on_host(sums, stream);
}

TEST(TracedReductions, TheLastBlockAddsWithoutARace) {
  using simt::fault_of;
  using simt::FaultKind;
  EXPECT_EQ(sums_of_two<Handing::kRight>(), (std::vector<float>{7, 7}));
  EXPECT_EQ(fault_of(sums_of_two<Handing::kPlainWrite>).kind,
            FaultKind::kRaceBetweenBlocks);
  EXPECT_EQ(fault_of(sums_of_two<Handing::kPlainRead>).kind,
            FaultKind::kRaceBetweenBlocks);
  EXPECT_EQ(sums_of_two<Handing::kFirstAdds>(), (std::vector<float>{1, 7}));
}

}  // namespace
}  // namespace CNN_GPU
}  // namespace cnn::test
