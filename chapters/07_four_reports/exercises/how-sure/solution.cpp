#include "exercise.hpp"

#include <algorithm>
#include <vector>

#include "common/random.hpp"

namespace cnn {

Interval speedup_interval(std::span<const double> slow,
                          std::span<const double> fast, std::uint64_t seed) {
  const Random random(seed);
  std::uint64_t next = 0;  // number of the next draw
  std::vector<double> ratios(kResamples);
  // The mean of as many times as there are, each drawn from all of them.
  const auto mean_drawn_from = [&](std::span<const double> times) {
    double sum = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
      sum += times[random.below(next++, times.size())];
    }
    return sum / static_cast<double>(times.size());
  };
  for (double& ratio : ratios) {
    const double slow_mean = mean_drawn_from(slow);
    ratio = slow_mean / mean_drawn_from(fast);
  }
  std::sort(ratios.begin(), ratios.end());
  Interval interval;
  constexpr std::size_t kCut = kResamples / 40;  // 2.5 per cent
  interval.low = ratios[kCut];
  interval.high = ratios[kResamples - 1 - kCut];
  return interval;
}

}  // namespace cnn
