// The GPU's peaks: one kernel that only computes, one that only copies.
#include <algorithm>
#include <cstddef>

#include "common/cuda/buffer.hpp"
#include "common/cuda/launch.cuh"
#include "common/cuda/timing.hpp"
#include "common/peaks.hpp"

namespace cnn {

namespace {

constexpr int kThreads = 256;
constexpr int kBlocksPerMultiprocessor = 8;
constexpr int kChains = 8;  // independent, to cover an FMA's latency

/// Each thread advances kChains sums in registers. The result is written, so
/// that the compiler keeps the work.
__global__ void multiply_and_add(float factor, float term, int iterations,
                                 float* results) {
  float chains[kChains];
#pragma unroll
  for (int chain = 0; chain < kChains; ++chain) {
    chains[chain] = static_cast<float>(threadIdx.x + chain);
  }
#pragma unroll 16
  for (int iteration = 0; iteration < iterations; ++iteration) {
#pragma unroll
    for (int chain = 0; chain < kChains; ++chain) {
      chains[chain] = chains[chain] * factor + term;
    }
  }
  float sum = 0;
#pragma unroll
  for (int chain = 0; chain < kChains; ++chain) sum += chains[chain];
  results[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

__global__ void copy(const float4* from, float4* to, std::size_t size) {
  const std::size_t step = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
       i < size; i += step) {
    to[i] = from[i];
  }
}

double flops(const Stream& stream, unsigned multiprocessors,
             const TimingPlan& plan) {
  constexpr int kIterations = 1 << 14;  // a millisecond or a few
  const unsigned blocks = multiprocessors * kBlocksPerMultiprocessor;
  DeviceBuffer<float> results(std::size_t{blocks} * kThreads);
  const Timing timing = time_on_gpu(
      stream,
      [&] {
        launch(multiply_and_add, {dim3(blocks), dim3(kThreads)}, stream, 0.999F,
               0.001F, kIterations, results.data());
      },
      plan);
  return 2.0 * blocks * kThreads * kChains * kIterations / timing.minimum_s;
}

double copy_rate(const Stream& stream, unsigned multiprocessors,
                 const TimingPlan& plan) {
  // Far more than any second-level cache, and little enough for small devices.
  std::size_t free_bytes = 0;
  std::size_t total_bytes = 0;
  cuda_check(cudaMemGetInfo(&free_bytes, &total_bytes), "cudaMemGetInfo");
  constexpr std::size_t kWanted = std::size_t{512} << 20;
  const std::size_t size = std::min(kWanted, free_bytes / 4) / sizeof(float4);
  DeviceBuffer<float4> from(size);
  DeviceBuffer<float4> to(size);
  cuda_check(
      cudaMemsetAsync(from.data(), 0, size * sizeof(float4), stream.get()),
      "cudaMemsetAsync");
  const unsigned blocks = multiprocessors * kBlocksPerMultiprocessor;
  const Timing timing = time_on_gpu(
      stream,
      [&] {
        launch(copy, {dim3(blocks), dim3(kThreads)}, stream, from.data(),
               to.data(), size);
      },
      plan);
  return 2.0 * static_cast<double>(size * sizeof(float4)) / timing.minimum_s;
}

}  // namespace

GpuPeaks measure_gpu_peaks(bool quick) {
  TimingPlan plan = TimingPlan::quick();
  plan.warm_up_s = quick ? 0.02 : 0.1;  // clocks take a while to rise
  int multiprocessors = 0;
  cuda_check(cudaDeviceGetAttribute(&multiprocessors,
                                    cudaDevAttrMultiProcessorCount, 0),
             "cudaDeviceGetAttribute");
  const auto count = static_cast<unsigned>(multiprocessors);
  const Stream stream;
  return {flops(stream, count, plan), copy_rate(stream, count, plan)};
}

}  // namespace cnn
