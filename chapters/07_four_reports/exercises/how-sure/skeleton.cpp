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
  // your code here
  Interval interval;
  // your code here
  return interval;
}

}  // namespace cnn
