// region quiet: includes
#include "chapters/04_cpu_cnn/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "common/errors.hpp"

namespace cnn {
// endregion

// region cosine-fall
namespace {

/// From 1 at `progress` 0 to 0 at 1, level at both ends.
double cosine_fall(double progress) {
  return (1 + std::cos(std::numbers::pi * progress)) / 2;
}

constexpr double kOneCycleStart = 1.0 / 25;  // share of the largest rate

double one_cycle(double warm_up, double progress) {
  if (progress < warm_up) {
    return std::lerp(kOneCycleStart, 1.0, progress / warm_up);
  }
  return warm_up < 1 ? cosine_fall((progress - warm_up) / (1 - warm_up)) : 1;
}
// endregion

// region share-of-rate
/// What share of the largest rate is left when `progress`, in [0, 1), of all
/// steps is done.
double share_of_rate(const Schedule& schedule, double progress) {
  switch (schedule.kind) {
    case Schedule::Kind::kConstant:
      return 1;
    case Schedule::Kind::kStep:
      return std::pow(schedule.factor, std::floor(progress * schedule.pieces));
    case Schedule::Kind::kCosine:
      return cosine_fall(progress);
    case Schedule::Kind::kOneCycle:
      return one_cycle(schedule.warm_up, progress);
  }
  throw std::logic_error("a schedule of no known kind");
}

}  // namespace

float learning_rate(const Schedule& schedule, std::int64_t step,
                    std::int64_t steps) {
  if (step < 0 || step >= steps) {
    throw std::invalid_argument("learning_rate: no such step");
  }
  const double progress =
      static_cast<double>(step) / static_cast<double>(steps);
  return static_cast<float>(schedule.rate * share_of_rate(schedule, progress));
}
// endregion

// region schedule-names
namespace {

constexpr std::array<std::pair<Schedule::Kind, const char*>, 4> kNames{
    {{Schedule::Kind::kConstant, "constant"},
     {Schedule::Kind::kStep, "step"},
     {Schedule::Kind::kCosine, "cosine"},
     {Schedule::Kind::kOneCycle, "one-cycle"}}};

}  // namespace

std::string name_of(Schedule::Kind kind) {
  const auto named = std::ranges::find(
      kNames, kind, &std::pair<Schedule::Kind, const char*>::first);
  return named == kNames.end() ? "unknown" : named->second;
}

Schedule::Kind schedule_named(const std::string& name) {
  for (const auto& [kind, its_name] : kNames) {
    if (name == its_name) return kind;
  }
  throw InputError(fmt::format(
      "schedule: found '{}', expected constant, step, cosine or one-cycle",
      name));
}

std::string describe(const Schedule& schedule) {
  const std::string name = name_of(schedule.kind);
  switch (schedule.kind) {
    case Schedule::Kind::kConstant:
      return fmt::format("constant rate {}", schedule.rate);
    case Schedule::Kind::kStep:
      return fmt::format("rate {}, times {} after each of {} pieces",
                         schedule.rate, schedule.factor, schedule.pieces);
    case Schedule::Kind::kCosine:
      return fmt::format("cosine from rate {}", schedule.rate);
    case Schedule::Kind::kOneCycle:
      return fmt::format("one cycle up to rate {} at {:.0f} % of all steps",
                         schedule.rate, 100 * schedule.warm_up);
  }
  return name;
}

}  // namespace cnn
// endregion
