// region quiet: includes
#include <chrono>
#include <vector>

#include "chapters/05_naive_cuda/laboratory.hpp"
#include "common/cuda/launch.cuh"
#include "common/cuda/timing.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region launch-nothing
namespace {

__global__ void nothing() {}

/// Seconds until launch() comes back: a sample is a few hundred launches, and
/// waiting for them is not part of it. Not more, because the queue ends
/// somewhere, and then launch() waits.
std::vector<double> time_asking(const Stream& stream, int samples) {
  using Clock = std::chrono::steady_clock;
  constexpr int kLaunches = 256;
  std::vector<double> seconds;
  for (int sample = 0; sample < samples; ++sample) {
    stream.synchronize();
    const auto start = Clock::now();
    for (int i = 0; i < kLaunches; ++i) {
      launch(nothing, {dim3(1), dim3(1)}, stream);
    }
    const std::chrono::duration<double> taken = Clock::now() - start;
    seconds.push_back(taken.count() / kLaunches);
  }
  stream.synchronize();
  return seconds;
}

}  // namespace
// endregion

// region launch-cost
LaunchCost launch_cost(const TimingPlan& plan) {
  const Stream stream;
  const auto enqueue = [&] { launch(nothing, {dim3(1), dim3(1)}, stream); };
  LaunchCost cost;
  cost.back_to_back = time_on_gpu(stream, enqueue, plan);
  cost.asked = summarise(time_asking(stream, plan.repetitions),
                         "a queue that is empty at first");
  cost.waited = time_repeated(
      [&] {
        enqueue();
        stream.synchronize();
      },
      plan);
  return cost;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
