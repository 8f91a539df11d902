// region quiet: includes
#include <array>
#include <memory>

#include "chapters/05_naive_cuda/laboratory.hpp"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region read-with-stride
namespace {

constexpr int kLoads = 8;  // independent: the GPU waits for all of them at once

/// Thread t reads elements t, t + threads, t + 2 threads and so on of those
/// that lie `stride` floats apart, the first one at `start`.
__global__ void read_with_stride(const float* __restrict__ from,
                                 std::int64_t threads, int stride, int start,
                                 float* __restrict__ to) {
  const std::int64_t thread =
      std::int64_t{blockIdx.x} * blockDim.x + std::int64_t{threadIdx.x};
  if (thread >= threads) return;
  float sum = 0;
#pragma unroll
  for (int load = 0; load < kLoads; ++load) {
    sum += from[start + (thread + load * threads) * stride];
  }
  to[thread] = sum;
}
// endregion

// region strided-trial
constexpr int kBlock = 256;
constexpr int kLargestStride = 32;
constexpr int kLargestStart = 32;

Trial strided_trial(const std::shared_ptr<Bench>& bench, std::int64_t threads,
                    int stride, int start, double place) {
  const auto enqueue = [=](std::int64_t) {
    launch(read_with_stride, {dim3(blocks_for(threads, kBlock)), dim3(kBlock)},
           bench->stream, bench->from.data(), threads, stride, start,
           bench->to.data());
  };
  const auto expected = [=](std::int64_t thread) {
    double sum = 0;
    for (int load = 0; load < kLoads; ++load) {
      sum += pattern(start + (thread + load * threads) * stride);
    }
    return sum;
  };
  // Only what is asked for: it is the others that we want to see.
  const Work work{.flop = 0,
                  .bytes = static_cast<double>(threads) * (kLoads + 1) * 4};
  return make_trial(place, work, bench, enqueue, {threads, expected});
}
// endregion

// region strided-threads
/// Four times the largest cache already at stride 1, where that fits.
std::int64_t threads_for(Scale scale, int stride) {
  constexpr std::int64_t kRagged = 333;
  if (scale == Scale::kCheck) return kRagged;
  return that_fit(std::int64_t{1} << 23, std::int64_t{stride} * kLoads * 4);
}

std::shared_ptr<Bench> strided_bench(std::int64_t threads, int stride) {
  return std::make_shared<Bench>(threads * kLoads * stride + kLargestStart,
                                 threads);
}

}  // namespace
// endregion

// region strides
Series strides(Scale scale) {
  const std::int64_t threads = threads_for(scale, kLargestStride);
  const auto bench = strided_bench(threads, kLargestStride);
  Series experiment{
      "coalescing/stride", "reading every so many floats", "stride", {}};
  for (const int stride : {1, 2, 3, 4, 6, 8, 12, 16, 24, kLargestStride}) {
    experiment.trials.push_back(
        strided_trial(bench, threads, stride, 0, stride));
  }
  return experiment;
}

Series misaligned_starts(Scale scale) {
  const std::int64_t threads = threads_for(scale, 1);
  const auto bench = strided_bench(threads, 1);
  Series experiment{
      "coalescing/start", "reading from a misaligned start", "start", {}};
  for (const int start : {0, 1, 2, 4, 8, 16, 24, kLargestStart}) {
    experiment.trials.push_back(strided_trial(bench, threads, 1, start, start));
  }
  return experiment;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
