/// @file
/// How long something takes: a warm-up, then repeated runs, then the median.
#pragma once

#include <functional>
#include <span>
#include <string>

namespace cnn {

/// Seconds for one call. The median says what to expect, the quartiles how much
/// it varies: half of all repetitions lie between them.
struct Timing {
  double median_s = 0;
  double q1_s = 0;
  double q3_s = 0;
  double minimum_s = 0;
  int repetitions = 0;      ///< number of samples the figures are made of
  std::string cache_state;  ///< what the caches held before each sample
};

/// When to stop repeating: after `repetitions` samples that took at least
/// `settled_s` together, or after `enough_s`; never before three samples.
struct TimingPlan {
  double warm_up_s = 0.05;  ///< warm up for this long, one call at least
  int repetitions = 10;
  double settled_s = 0.05;
  double enough_s = 0.5;
  std::string cache_state =
      "warm: the same data in every repetition, after an untimed run";

  /// Fewer and shorter: 5 repetitions or 0.1 s.
  static TimingPlan quick();
};

/// Times `run` with the steady clock. Calls shorter than some 20 microseconds
/// are timed in batches, because reading the clock would be part of the figure;
/// a batch is one repetition, and the seconds are those of one call.
Timing time_repeated(const std::function<void()>& run,
                     const TimingPlan& plan = {});

/// Median, quartiles (linear between neighbours, type 7 of Hyndman and Fan) and
/// minimum of `seconds`, of which there must be at least one.
/// Throws std::invalid_argument when there is none.
Timing summarise(std::span<const double> seconds, std::string cache_state);

/// Number of samples and their sum decide whether to stop.
bool enough(const TimingPlan& plan, int samples, double total_s);

/// Keeps the optimiser from dropping the computation of what `pointer` points
/// to: the compiler has to assume that someone reads it here.
inline void keep(const void* pointer) {
  asm volatile("" : : "r"(pointer) : "memory");
}

}  // namespace cnn
