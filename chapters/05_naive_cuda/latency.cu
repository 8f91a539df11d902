// region quiet: includes
#include <memory>

#include "chapters/05_naive_cuda/laboratory.hpp"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region chase
namespace {

constexpr int kFloatsInLine = 32;  // 128 bytes

/// How far the next line lies, as a share of all of them: the golden ratio, so
/// that no prefetcher guesses it; odd, so that all lines get their turn when
/// their number is a power of two.
constexpr int jump(std::int64_t lines) {
  return static_cast<int>(static_cast<double>(lines) * 0.618) | 1;
}

/// Every line's first word says where the next line begins: a whole number in
/// the bits of a float.
__global__ void write_chain(float* lines, int count, int jump) {
  const int line = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (line >= count) return;
  const auto next = (std::int64_t{line} + jump) % count;
  lines[line * kFloatsInLine] =
      __int_as_float(static_cast<int>(next * kFloatsInLine));
}

/// One thread, and each load has to wait for the one before: what it waits is
/// the latency. Goes on in the line where the last launch stopped.
__global__ void chase(const float* __restrict__ lines, int steps, float* line) {
  int at = static_cast<int>(*line) * kFloatsInLine;
  for (int step = 0; step < steps; ++step) at = __float_as_int(lines[at]);
  *line = static_cast<float>(at / kFloatsInLine);
}
// endregion

// region chase-trial
Trial chase_trial(std::int64_t lines, int steps) {
  constexpr int kBlock = 256;
  const auto bench = std::make_shared<Bench>(lines * kFloatsInLine, 1);
  launch(write_chain, {dim3(blocks_for(lines, kBlock)), dim3(kBlock)},
         bench->stream, bench->from.data(), static_cast<int>(lines),
         jump(lines));
  const auto enqueue = [=](std::int64_t number) {
    if (number == 0) {
      cuda_check(cudaMemsetAsync(bench->to.data(), 0, sizeof(float),
                                 bench->stream.get()),
                 "cudaMemsetAsync");
    }
    launch(chase, {dim3(1), dim3(1)}, bench->stream, bench->from.data(), steps,
           bench->to.data());
  };
  const auto expected = [=](std::int64_t) {
    return static_cast<double>(std::int64_t{steps} * jump(lines) % lines);
  };
  const Work work{.flop = 0, .bytes = static_cast<double>(steps) * 4};
  Trial trial = make_trial(static_cast<double>(lines * kFloatsInLine * 4), work,
                           bench, enqueue, {1, expected});
  trial.steps = steps;
  return trial;
}

}  // namespace
// endregion

// region latency
Series latency(Scale scale) {
  constexpr std::int64_t kLeast = 128;  // lines: 16 KiB
  // Numbers of lines have to be exact in float32.
  const std::int64_t most =
      scale == Scale::kCheck
          ? kLeast * 4
          : that_fit(std::int64_t{1} << 23, kFloatsInLine * 4);
  const int steps = scale == Scale::kCheck ? 777 : 8192;
  Series experiment{"latency", "one load after the other", "memory, bytes", {}};
  for (std::int64_t lines = kLeast; lines <= most; lines *= 4) {
    experiment.trials.push_back(chase_trial(lines, steps));
  }
  return experiment;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
