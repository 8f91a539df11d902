// region quiet: includes
#pragma once

#include "chapters/07_four_reports/experiment.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region counts
/// The size of a network, as report 002 counts it.
struct Counts {
  double weights = 0;  ///< with biases, without batch normalisation
  /// Multiply-adds of one forward pass of a whole batch, and one more for each
  /// bias that is added.
  double multiply_adds = 0;
};

/// @param picture one picture, as NCHW
Counts count_as_reported(const Experiment& experiment, const Shape& picture);

}  // namespace cnn
// endregion
