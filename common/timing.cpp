#include "common/timing.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

namespace cnn {

namespace {

constexpr double kShortestSample = 20e-6;
constexpr int kFewestSamples = 3;

double seconds_for(const std::function<void()>& run, long calls) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  for (long call = 0; call < calls; ++call) run();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The value below which `fraction` of the sorted samples lie.
double quantile(std::span<const double> sorted, double fraction) {
  const double position = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double weight = position - static_cast<double>(below);
  return sorted[below] + weight * (sorted[above] - sorted[below]);
}

}  // namespace

TimingPlan TimingPlan::quick() {
  TimingPlan plan;
  plan.warm_up_s = 0.01;
  plan.repetitions = 5;
  plan.settled_s = 0.01;
  plan.enough_s = 0.1;
  return plan;
}

bool enough(const TimingPlan& plan, int samples, double total_s) {
  if (samples < kFewestSamples) return false;
  return total_s >= plan.enough_s ||
         (samples >= plan.repetitions && total_s >= plan.settled_s);
}

Timing summarise(std::span<const double> seconds, std::string cache_state) {
  if (seconds.empty()) throw std::invalid_argument("summarise: no samples");
  std::vector<double> sorted(seconds.begin(), seconds.end());
  std::sort(sorted.begin(), sorted.end());
  Timing timing;
  timing.median_s = quantile(sorted, 0.5);
  timing.q1_s = quantile(sorted, 0.25);
  timing.q3_s = quantile(sorted, 0.75);
  timing.minimum_s = sorted.front();
  timing.repetitions = static_cast<int>(sorted.size());
  timing.cache_state = std::move(cache_state);
  return timing;
}

Timing time_repeated(const std::function<void()>& run, const TimingPlan& plan) {
  // The warm-up also finds out how many calls make up one sample.
  long calls = 1;
  double once = seconds_for(run, 1);
  for (double warm = once; warm < plan.warm_up_s || once < kShortestSample;
       warm += once) {
    if (once < kShortestSample) calls *= 2;
    once = seconds_for(run, calls);
  }

  std::vector<double> samples;
  for (double total = 0;
       !enough(plan, static_cast<int>(samples.size()), total);) {
    const double sample = seconds_for(run, calls);
    samples.push_back(sample / static_cast<double>(calls));
    total += sample;
  }
  return summarise(samples, plan.cache_state);
}

}  // namespace cnn
