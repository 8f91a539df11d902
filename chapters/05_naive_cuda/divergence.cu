// region quiet: includes
#include <memory>
#include <string>
#include <utility>

#include "chapters/05_naive_cuda/laboratory.hpp"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region go-separate-ways
namespace {

constexpr int kWarp = 32;
constexpr int kBlock = 256;

/// Every thread goes one of `ways` ways, each of them as long as the others:
/// by its lane, or together with its warp.
__global__ void go_separate_ways(int ways, bool by_lane, float factor,
                                 int turns, float* __restrict__ to) {
  const int thread = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const int mine = (by_lane ? thread : thread / kWarp) % ways;
  float sum = static_cast<float>(thread % kPatternPeriod);
  for (int way = 0; way < ways; ++way) {
    if (way != mine) continue;
    const float term = static_cast<float>(way + 1);
#pragma unroll 16
    for (int turn = 0; turn < turns; ++turn) sum = sum * factor + term;
  }
  to[thread] = sum;
}
// endregion

// region divergence
Series divergence(Scale scale, bool by_lane, std::string id,
                  std::string label) {
  const std::int64_t threads = scale == Scale::kCheck ? 2 * kBlock : 1 << 18;
  const int turns = scale == Scale::kCheck ? 17 : 4096;
  const auto bench = std::make_shared<Bench>(0, threads);
  Series experiment{std::move(id), std::move(label), "ways", {}};
  for (int ways = 1; ways <= kWarp; ways *= 2) {
    constexpr float kFactor = -1;  // there and back: exact
    const auto enqueue = [=](std::int64_t) {
      launch(go_separate_ways,
             {dim3(blocks_for(threads, kBlock)), dim3(kBlock)}, bench->stream,
             ways, by_lane, kFactor, turns, bench->to.data());
    };
    const auto expected = [=](std::int64_t thread) {
      const double start = pattern(thread);
      const double term =
          static_cast<double>((by_lane ? thread : thread / kWarp) % ways + 1);
      return turns % 2 == 0 ? start : term - start;
    };
    const Work work{.flop = 2.0 * static_cast<double>(threads) * turns,
                    .bytes = 0};
    experiment.trials.push_back(
        make_trial(ways, work, bench, enqueue, {threads, expected}));
  }
  return experiment;
}

}  // namespace
// endregion

// region divergence-experiments
Series divergence_by_lane(Scale scale) {
  return divergence(scale, true, "divergence/lanes",
                    "lanes of a warp disagree");
}

Series divergence_by_warp(Scale scale) {
  return divergence(scale, false, "divergence/warps", "whole warps disagree");
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
