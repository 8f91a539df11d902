#include "common/cuda/timing.hpp"

#include <vector>

#include "common/cuda/event.hpp"

namespace cnn {
inline namespace CNN_GPU {

Timing time_on_gpu(const Stream& stream, const std::function<void()>& enqueue,
                   const TimingPlan& plan) {
  constexpr double kShortestSample = 200e-6;
  constexpr long kMostCalls = 1024;  // launches queue up to about as many
  const Event start;
  const Event stop;
  const auto seconds_for = [&](long calls) {
    start.record(stream);
    for (long call = 0; call < calls; ++call) enqueue();
    stop.record(stream);
    stop.synchronize();
    return stop.seconds_since(start);
  };

  // The first call may load code or wake the GPU: it tells nothing.
  double once = seconds_for(1);
  long calls = 1;
  for (double warm = once;;) {
    once = seconds_for(calls);
    warm += once;
    if (once < kShortestSample && calls < kMostCalls) {
      calls *= 2;
    } else if (warm >= plan.warm_up_s) {
      break;
    }
  }

  std::vector<double> samples;
  for (double total = 0;
       !enough(plan, static_cast<int>(samples.size()), total);) {
    const double sample = seconds_for(calls);
    samples.push_back(sample / static_cast<double>(calls));
    total += sample;
  }
  return summarise(samples, plan.cache_state);
}

}  // namespace CNN_GPU
}  // namespace cnn
