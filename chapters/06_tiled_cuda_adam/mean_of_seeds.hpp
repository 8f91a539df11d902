// region quiet: includes
#pragma once

#include <span>

namespace cnn {
// endregion

// region mean-of-seeds
/// A mean, and how far it may be from the true one.
struct MeanOfSeeds {
  double mean = 0;
  double interval = 0;  ///< half of the 95 % confidence interval
};
/// By Student's t: few samples, and a spread that they themselves tell.
/// Of a single value the interval is NaN: nobody knows.
/// Throws std::invalid_argument for none, or more than 31.
/// Source: Student, "The probable error of a mean", Biometrika 6, 1908.
MeanOfSeeds mean_of_seeds(std::span<const double> values);

}  // namespace cnn
// endregion
