// region quiet: includes
#include "chapters/06_tiled_cuda_adam/mean_of_seeds.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace cnn {
// endregion

// region mean-and-interval
MeanOfSeeds mean_of_seeds(std::span<const double> values) {
  // 97.5 % of Student's distribution lie below, for 1, 2, ... 30 degrees of
  // freedom.
  static constexpr std::array kStudent{
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
      2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
      2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  if (values.empty() || values.size() > kStudent.size() + 1) {
    throw std::invalid_argument(
        fmt::format("mean_of_seeds: {} values", values.size()));
  }
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / count;
  if (values.size() == 1) {
    return {mean, std::numeric_limits<double>::quiet_NaN()};
  }
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double spread = std::sqrt(squares / (count - 1));
  return {mean, kStudent.at(values.size() - 2) * spread / std::sqrt(count)};
}

}  // namespace cnn
// endregion
