// region quiet: includes
#include "chapters/07_four_reports/timed_training.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <vector>

#include "chapters/07_four_reports/notation.hpp"

namespace cnn {
namespace {

using Clock = std::chrono::steady_clock;
// endregion

// region timed-training-made
TrainingPlan endless(const Experiment& experiment, std::int64_t stretch) {
  constexpr std::int64_t kNoEnd = 100'000;
  return {.epochs = kNoEnd,
          .schedule = {.rate = experiment.schedule.rate},
          .look_every = stretch};
}

}  // namespace

TimedTraining::TimedTraining(const Experiment& experiment,
                             const Dataset& pictures, Backend& backend,
                             AdamBackend& adam, std::int64_t stretch)
    : pictures_(backend, pictures, to_unit_interval(pictures.channels)),
      network_(network_from(with_classes(experiment.layers,
                                         std::ssize(pictures.class_names)),
                            experiment.weight),
               {experiment.batch, pictures.channels, pictures.height,
                pictures.width},
               backend, 1),
      optimiser_(make_adam(network_, adam)),
      trainer_(network_, *optimiser_, pictures_, nullptr,
               endless(experiment, stretch)) {}
// endregion

// region timed-training-run
double TimedTraining::run_stretch() {
  const std::int64_t before = trainer_.state().step;
  const auto start = Clock::now();
  trainer_.run_steps();
  const std::chrono::duration<double> taken = Clock::now() - start;
  last_steps_ = trainer_.state().step - before;
  return taken.count();
}

Timing TimedTraining::time(const TimingPlan& plan) {
  for (double warm = 0; warm < plan.warm_up_s;) warm += run_stretch();
  std::vector<double> samples;
  double total = 0;
  while (!enough(plan, static_cast<int>(samples.size()), total)) {
    const double seconds = run_stretch();
    total += seconds;
    samples.push_back(seconds / static_cast<double>(last_steps_));
  }
  return summarise(samples, "training: every step takes other pictures");
}
// endregion

// region seconds-without-gaps
namespace {

double seconds_of(const std::function<void()>& run) {
  const auto start = Clock::now();
  run();
  const std::chrono::duration<double> taken = Clock::now() - start;
  return taken.count();
}

}  // namespace

double seconds_without_gaps(TimedTraining& training, Backend& backend) {
  constexpr std::int64_t kFloats = std::int64_t{1} << 28;  // a gigabyte
  const Array ballast = backend.allocate(kFloats);
  const auto hold_up = [&](std::int64_t times) {
    for (std::int64_t i = 0; i < times; ++i) backend.clear(ballast, kFloats);
  };
  const auto seconds_held_up = [&](std::int64_t times) {
    return seconds_of([&] {
      hold_up(times);
      backend.synchronise();
    });
  };
  training.run_stretch();
  seconds_held_up(1);
  // Longer than the host takes to ask for a stretch, and to wait for it.
  const double needed = 2 * training.run_stretch();
  const auto times =
      static_cast<std::int64_t>(std::ceil(needed / seconds_held_up(1)));

  std::vector<double> seconds;
  for (int repetition = 0; repetition < 9; ++repetition) {
    const double alone = seconds_held_up(times);
    const double both = seconds_of([&] {
      hold_up(times);
      training.run_stretch();
    });
    seconds.push_back((both - alone) /
                      static_cast<double>(training.last_steps()));
  }
  return std::max(0.0, summarise(seconds, "").median_s);
}

}  // namespace cnn
// endregion
