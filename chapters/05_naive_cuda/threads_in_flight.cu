// region quiet: includes
#include <memory>
#include <utility>
#include <vector>

#include "chapters/05_naive_cuda/laboratory.hpp"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region read-in-turn
namespace {

__device__ float total(float value) {
  return value;
}
__device__ float total(const float4& value) {
  return value.x + value.y + value.z + value.w;
}

/// Each thread reads `turns` numbers (or fours of them) and never has more than
/// one on its way: the sum waits for each.
template <class Number>
__global__ void read_in_turn(const Number* __restrict__ from, int turns,
                             float* __restrict__ to) {
  const unsigned threads = gridDim.x * blockDim.x;
  const unsigned thread = blockIdx.x * blockDim.x + threadIdx.x;
  float sum = 0;
#pragma unroll 1
  for (int turn = 0; turn < turns; ++turn) {
    sum += total(from[thread + std::int64_t{turn} * threads]);
  }
  to[thread] = sum;
}
// endregion

// region add-in-turn
/// Sums that wait for nothing but themselves: a fused multiply-add cannot begin
/// before the last one of its chain is done.
template <int kChains>
__global__ void multiply_add_in_turn(float factor, float term, int turns,
                                     float* __restrict__ to) {
  const unsigned thread = blockIdx.x * blockDim.x + threadIdx.x;
  float chains[kChains];
#pragma unroll
  for (int chain = 0; chain < kChains; ++chain) {
    chains[chain] = static_cast<float>(thread % kPatternPeriod + chain);
  }
#pragma unroll 16
  for (int turn = 0; turn < turns; ++turn) {
#pragma unroll
    for (int chain = 0; chain < kChains; ++chain) {
      chains[chain] = chains[chain] * factor + term;
    }
  }
  float sum = 0;
#pragma unroll
  for (int chain = 0; chain < kChains; ++chain) sum += chains[chain];
  to[thread] = sum;
}
// endregion

// region numbers-of-threads
/// From one warp to about as many as a large GPU holds at once.
std::vector<std::int64_t> numbers_of_threads(Scale scale) {
  if (scale == Scale::kCheck) return {32, 256, 384};
  std::vector<std::int64_t> numbers;
  for (std::int64_t threads = 32; threads <= 1 << 18; threads *= 2) {
    numbers.push_back(threads);
  }
  return numbers;
}

/// Small blocks, so that few threads, too, are spread over the whole GPU.
LaunchShape shape_for(std::int64_t threads) {
  const int block = static_cast<int>(std::min<std::int64_t>(threads, 128));
  return {dim3(blocks_for(threads, block)), dim3(static_cast<unsigned>(block))};
}
// endregion

// region loads-in-flight
template <class Number>
Series reading(Scale scale, std::string id, std::string label) {
  constexpr std::int64_t kWidth = sizeof(Number) / sizeof(float);
  const int turns = scale == Scale::kCheck ? 5 : 256;
  const auto numbers = numbers_of_threads(scale);
  // Every launch reads another part, or the caches would hold it.
  const std::int64_t parts = scale == Scale::kCheck
                                 ? numbers.back() * turns * kWidth
                                 : that_fit(std::int64_t{1} << 28, 4);
  const auto bench = std::make_shared<Bench>(parts, numbers.back());
  Series experiment{std::move(id), std::move(label), "threads", {}};
  for (const std::int64_t threads : numbers) {
    const std::int64_t part = threads * turns * kWidth;
    if (part > parts) break;
    const auto enqueue = [=](std::int64_t number) {
      const float* from = bench->from.data() + number % (parts / part) * part;
      launch(read_in_turn<Number>, shape_for(threads), bench->stream,
             reinterpret_cast<const Number*>(from), turns, bench->to.data());
    };
    const auto expected = [=](std::int64_t thread) {
      double sum = 0;
      for (std::int64_t i = 0; i < turns * kWidth; ++i) {
        sum += pattern((thread + i / kWidth * threads) * kWidth + i % kWidth);
      }
      return sum;
    };
    const Work work{.flop = 0, .bytes = static_cast<double>(part) * 4};
    experiment.trials.push_back(make_trial(static_cast<double>(threads), work,
                                           bench, enqueue,
                                           {threads, expected}));
    experiment.trials.back().steps = turns;
  }
  return experiment;
}
// endregion

// region chains-in-flight
template <int kChains>
Series adding(Scale scale, std::string id, std::string label) {
  const int turns = scale == Scale::kCheck ? 35 : 8192;
  // x becomes 1 - x, and x again: exact, however often.
  constexpr float kFactor = -1;
  constexpr float kTerm = 1;
  const auto numbers = numbers_of_threads(scale);
  const auto bench = std::make_shared<Bench>(0, numbers.back());
  Series experiment{std::move(id), std::move(label), "threads", {}};
  for (const std::int64_t threads : numbers) {
    const auto enqueue = [=](std::int64_t) {
      launch(multiply_add_in_turn<kChains>, shape_for(threads), bench->stream,
             kFactor, kTerm, turns, bench->to.data());
    };
    const auto expected = [=](std::int64_t thread) {
      double sum = 0;
      for (int chain = 0; chain < kChains; ++chain) {
        const double start = pattern(thread) + chain;
        sum += turns % 2 == 0 ? start : 1 - start;
      }
      return sum;
    };
    const Work work{
        .flop = 2.0 * static_cast<double>(threads) * turns * kChains,
        .bytes = 0};
    experiment.trials.push_back(make_trial(static_cast<double>(threads), work,
                                           bench, enqueue,
                                           {threads, expected}));
    experiment.trials.back().steps = turns;
  }
  return experiment;
}

}  // namespace
// endregion

// region in-flight-experiments
Series loads_in_flight(Scale scale) {
  return reading<float>(scale, "in-flight/floats",
                        "a float on its way for each thread");
}

Series wide_loads_in_flight(Scale scale) {
  return reading<float4>(scale, "in-flight/float4s",
                         "four floats on their way for each");
}

Series chains_in_flight(Scale scale) {
  return adding<1>(scale, "in-flight/chains",
                   "one multiply-add at work for each");
}

Series four_chains_in_flight(Scale scale) {
  return adding<4>(scale, "in-flight/four-chains",
                   "four multiply-adds at work for each");
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
