// region quiet: includes
#pragma once

#include <cstdint>
#include <string>

namespace cnn {
// endregion

// region schedule
/// How the learning rate changes while a network learns: a function of the
/// step and the number of steps, and of nothing that happened in between.
struct Schedule {
  /// How the rate moves.
  enum class Kind {
    kConstant,  ///< `rate` throughout
    kStep,      ///< `pieces` of equal length, each `factor` times the last
    kCosine,    ///< half a cosine, from `rate` down to 0
                ///< (Loshchilov and Hutter, "SGDR", 2017, without restarts)
    kOneCycle   ///< up, then far down (Smith and Topin, "Super-convergence",
                ///< 2019): linearly from rate / 25 to `rate` during the first
                ///< `warm_up` of all steps, then half a cosine to 0
  };
  Kind kind = Kind::kConstant;
  float rate = 0.01F;    ///< the largest
  float factor = 0.1F;   ///< of kStep
  int pieces = 3;        ///< of kStep
  float warm_up = 0.3F;  ///< of kOneCycle: share of all steps
};

/// The learning rate of step `step`, which is in [0, steps).
float learning_rate(const Schedule& schedule, std::int64_t step,
                    std::int64_t steps);

/// "one-cycle", for a flag, a record, a checkpoint.
std::string name_of(Schedule::Kind kind);
/// The other way. Throws InputError that lists the names.
Schedule::Kind schedule_named(const std::string& name);
/// "one-cycle up to 0.1 at 30 % of the steps".
std::string describe(const Schedule& schedule);

}  // namespace cnn
// endregion
