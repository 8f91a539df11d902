#pragma once

#include <cstdint>
#include <span>

namespace cnn {

/// From where to where something probably lies.
struct Interval {
  double low = 0;
  double high = 0;
};

/// How many times both sets of times are drawn again.
constexpr std::size_t kResamples = 10'000;

/// How many times as long the slow ones take as the fast ones, mean by mean:
/// the middle 95 per cent of what samples drawn from these samples say.
/// @param slow, fast at least one each, in seconds; not equally many, perhaps
/// @param seed decides the draws: the same one, the same interval
Interval speedup_interval(std::span<const double> slow,
                          std::span<const double> fast, std::uint64_t seed);

}  // namespace cnn
