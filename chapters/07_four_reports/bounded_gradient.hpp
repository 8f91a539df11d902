// region quiet: includes
#pragma once

#include <span>
#include <vector>

#include "common/data/dataset.hpp"
#include "common/error_bound.hpp"

namespace cnn {
// endregion

// region bounded-gradient
/// The gradient of the mean loss of TwoLayers in float64; and for each number
/// how far off it may be when every step of the way there is done in float32,
/// in whatever order sums are added.
struct BoundedGradient {
  std::vector<double> value;
  std::vector<double> bound;
  double loss = 0;
  double loss_bound = 0;
};

/// @param pictures as expect_two_layers() wants them
BoundedGradient bounded_gradient(const Dataset& pictures,
                                 std::span<const float> layers);

/// Whether all of a float32 gradient, and the loss, keep to the bounds.
Comparison compare(std::span<const float> gradient, double loss,
                   const BoundedGradient& expected);

}  // namespace cnn
// endregion
