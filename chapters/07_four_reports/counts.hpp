// region quiet: includes
#pragma once

#include "chapters/07_four_reports/experiment.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor.hpp"
// endregion

// region counts
namespace cnn {

/// The size of a network, as report 002 counts it.
struct Counts {
  double weights = 0;  ///< with biases, without batch normalisation
  /// Multiply-adds of one forward pass of a whole batch, and one more for each
  /// bias that is added.
  double multiply_adds = 0;
};

/// @param picture one picture, as NCHW
Counts count_as_reported(const Experiment& experiment, const Shape& picture);
// endregion

// region effort
/// What a training takes, as this course counts it.
struct Effort {
  std::int64_t parameters = 0;     ///< all that is learnt
  std::int64_t multiply_adds = 0;  ///< of one picture, forward
  std::int64_t steps = 0;          ///< of an epoch
  double step_flop = 0;  ///< forward and back: chapter 4's step_flop()

  double epoch_flop() const { return static_cast<double>(steps) * step_flop; }
};

/// @param pictures the training part, of which the experiment sets some aside
Effort effort_of(const Experiment& experiment, const Dataset& pictures);

}  // namespace cnn
// endregion
