// What the microscope sees of chapter 6's convolutions: no races, and the
// traffic that the chapter claims.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "chapters/06_tiled_cuda_adam/block_tile.cuh"
#include "common/cuda/launch.cuh"
#include "common/cuda/shared.cuh"
#include "common/simt/microscope.hpp"
#include "tests/chapters/06_tiled_cuda_adam/convolution_case.hpp"
#include "tests/common/simt/faulty.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
namespace {

using simt::AccessCounts;
using simt::KernelCounts;
using simt::MemoryCounts;
using simt::Microscope;
using test::ConvolutionCase;

constexpr std::array kPasses{ConvolutionPass::kForward,
                             ConvolutionPass::kInputGradient,
                             ConvolutionPass::kFilterGradient};

/// Faults, races and reads of what was never written end a launch.
TEST(TracedConvolutions, NoPlanRaces) {
  for (const ConvolutionGeometry& geometry :
       {ConvolutionGeometry{2, 3, 6, 5, 3, 3, 3, 1, 1},
        ConvolutionGeometry{1, 1, 7, 6, 5, 3, 3, 1, 1},
        ConvolutionGeometry{2, 2, 6, 7, 3, 2, 4, 2, 1}}) {
    for (const ConvolutionPass pass : kPasses) {
      for (const ConvolutionPlan& plan : possible_plans(geometry, pass, 1)) {
        ConvolutionCase run(geometry, 1);
        EXPECT_NO_THROW({
          const Comparison outcome = run.check(pass, plan, run.run(pass, plan));
          EXPECT_TRUE(outcome.passed()) << to_string(plan, pass);
        }) << to_string(plan, pass);
      }
    }
  }
}

/// One thread for each output, as chapter 5 has it.
__global__ void one_by_one(ConvolutionGeometry g, const float* input,
                           const float* filter, float* output) {
  const auto height = g.input_height - g.kernel_height + 1;
  const auto width = g.input_width - g.kernel_width + 1;
  const std::int64_t i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= g.batch * g.output_channels * height * width) return;
  const std::int64_t x = i % width;
  const std::int64_t y = i / width % height;
  const std::int64_t o = i / (width * height) % g.output_channels;
  const std::int64_t n = i / (width * height) / g.output_channels;
  float sum = 0;
  for (std::int64_t c = 0; c < g.input_channels; ++c) {
    for (std::int64_t k = 0; k < 9; ++k) {
      sum += input[((n * g.input_channels + c) * g.input_height + y + k / 3) *
                       g.input_width +
                   x + k % 3] *
             filter[(o * g.input_channels + c) * 9 + k];
    }
  }
  output[i] = sum;
}

/// 64 channels of 64 pixels.
constexpr ConvolutionGeometry kCounted{1, 4, 10, 10, 64, 3, 3, 1, 0};

MemoryCounts counts_of(const Microscope& microscope, const std::string& part) {
  MemoryCounts sum;
  for (const KernelCounts& kernel : microscope.kernels()) {
    if (kernel.name.find(part) != std::string::npos) sum += kernel.total;
  }
  return sum;
}

MemoryCounts counts_of(ConvolutionPass pass, const ConvolutionPlan& plan,
                       const std::string& part) {
  ConvolutionCase run(kCounted, 1);
  const Microscope microscope;
  run.run(pass, plan);
  return counts_of(microscope, part);
}

MemoryCounts counts_of_one_by_one() {
  const RandomProblem problem(kCounted, 1);
  const auto copy = [](std::span<const float> values) {
    return on_device(std::vector<float>(values.begin(), values.end()));
  };
  const auto input = copy(problem.input.values());
  const auto filter = copy(problem.filter.values());
  DeviceBuffer<float> output(4096);
  const Stream stream;
  const Microscope microscope;
  launch(one_by_one, {dim3(32), dim3(128)}, stream, kCounted, input.data(),
         filter.data(), output.data());
  return counts_of(microscope, "one_by_one");
}

/// A tile of 64 channels needs each pixel of a window once, not 64 times.
TEST(TracedConvolutions, TilesSaveGlobalTraffic) {
  const MemoryCounts tiled =
      counts_of(ConvolutionPass::kForward, {.window_tile = WindowTile::k64x64},
                "multiply_windows");
  const MemoryCounts naive = counts_of_one_by_one();
  EXPECT_GE(naive.global_load.sectors, 10 * tiled.global_load.sectors)
      << naive.global_load.sectors << " and " << tiled.global_load.sectors;
  // Every output is written once, a row of pixels after the other.
  EXPECT_EQ(tiled.global_store.bytes, 4096 * 4);
  EXPECT_EQ(tiled.global_store.sectors, 4096 * 4 / 32);
}

/// Each product takes its factors from shared memory without conflicts.
TEST(TracedConvolutions, TilesAreReadWithoutBankConflicts) {
  for (const WindowTile tile :
       {WindowTile::k64x64, WindowTile::k64x128, WindowTile::k128x128}) {
    const MemoryCounts counts = counts_of(
        ConvolutionPass::kForward, {.window_tile = tile}, "multiply_windows");
    EXPECT_EQ(counts.shared_load.conflicts, 0);
  }
}

/// Eight pixels of four rows at a time are turned on their way into shared
/// memory, also without conflicts.
TEST(TracedConvolutions, OperandsAreTurnedWithoutBankConflicts) {
  ConvolutionCase run(kCounted, 1);
  const Microscope microscope;
  run.run(ConvolutionPass::kFilterGradient,
          {.filter_tile = FilterTile::k64x96, .splits = 1});
  EXPECT_EQ(counts_of(microscope, "multiply_filters").shared_load.conflicts, 0);
  AccessCounts copies;
  for (const KernelCounts& kernel : microscope.kernels()) {
    for (const auto& line : kernel.lines) {
      if (line.file.ends_with("window_loader.cuh")) {
        copies += line.counts.shared_store;
      }
    }
  }
  EXPECT_GT(copies.requests, 0);
  EXPECT_EQ(copies.conflicts, 0);
}

/// Copies eight terms of numbers that begin at `from`.
template <class Tile>
struct PlainLoader {
  static constexpr int kDepth = 8;
  const float* from;
  __device__ void load(float* stage, int step) {
    using S = Stage<Tile, kDepth>;
    for (int i = static_cast<int>(threadIdx.x); i < S::kSize;
         i += Tile::kThreads) {
      __pipeline_memcpy_async(stage + i, from + step * S::kSize + i,
                              sizeof(float));
    }
  }
};

enum class Mistake { kNone, kNoBarrier, kNoWait, kWrongStage };

/// multiply_tiles() with something left out.
template <Mistake kMistake>
__global__ void multiply_wrongly(const float* numbers, float* result) {
  using Tile = BlockTile<4, 4, 4, 2, 1>;
  using S = Stage<Tile, 8>;
  constexpr int kStages = 2;
  constexpr int kSteps = 4;
  float* const shared = dynamic_shared<float>();
  PlainLoader<Tile> loader{numbers};
  Sums<Tile> sums;
  Factors<Tile, 8> factors;
  loader.load(shared, 0);
  __pipeline_commit();
  for (int step = 0; step < kSteps; ++step) {
    float* const stage = shared + step % kStages * S::kSize;
    float* const next = shared + (kMistake == Mistake::kWrongStage
                                      ? 0
                                      : (step + 1) % kStages * S::kSize);
    if (step + 1 < kSteps) loader.load(next, step + 1);
    __pipeline_commit();
    if (kMistake != Mistake::kNoWait) __pipeline_wait_prior(1);
    if (kMistake != Mistake::kNoBarrier) __syncthreads();
    for (int term = 0; term < 8; ++term) {
      factors.read(stage, term);
      factors.add(sums, term);
    }
    if (kMistake != Mistake::kNoBarrier) __syncthreads();
  }
  float sum = 0;
  for (const auto& row : sums.of) {
    for (const float each : row) sum += each;
  }
  result[threadIdx.x] = sum;
}

template <Mistake kMistake>
void run_wrongly() {
  using Tile = BlockTile<4, 4, 4, 2, 1>;
  const auto numbers = on_device(ramp(4 * Stage<Tile, 8>::kSize));
  DeviceBuffer<float> result(Tile::kThreads);
  const Stream stream;
  launch(multiply_wrongly<kMistake>,
         {dim3(1), dim3(Tile::kThreads),
          2 * Stage<Tile, 8>::kSize * sizeof(float)},
         stream, numbers.data(), result.data());
}

TEST(TracedConvolutions, BrokenPipelinesAreCaught) {
  using simt::fault_of;
  using simt::FaultKind;
  EXPECT_NO_THROW(run_wrongly<Mistake::kNone>());
  // Whichever comes first: what another thread has yet to bring is read.
  const FaultKind early = fault_of(run_wrongly<Mistake::kNoBarrier>).kind;
  EXPECT_TRUE(early == FaultKind::kRace || early == FaultKind::kUninitialised);
  EXPECT_EQ(fault_of(run_wrongly<Mistake::kNoWait>).kind,
            FaultKind::kUninitialised);
  EXPECT_EQ(fault_of(run_wrongly<Mistake::kWrongStage>).kind,
            FaultKind::kUninitialised);
}

}  // namespace
}  // namespace cnn
