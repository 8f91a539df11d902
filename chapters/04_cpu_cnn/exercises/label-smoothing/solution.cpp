#include "exercise.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace cnn {

double smoothed_cross_entropy(std::int64_t classes, double smoothing,
                              std::span<const float> logits,
                              std::span<const std::uint8_t> labels,
                              std::span<float> gradient) {
  const auto columns = static_cast<std::size_t>(classes);
  const auto pictures = static_cast<double>(labels.size());
  double total = 0;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const auto z = logits.subspan(row * columns, columns);
    const auto dz = gradient.subspan(row * columns, columns);
    // your code here
    const double largest = *std::max_element(z.begin(), z.end());
    double sum = 0;
    for (const float logit : z) sum += std::exp(logit - largest);
    for (std::size_t j = 0; j < columns; ++j) {
      const double log_p = z[j] - largest - std::log(sum);
      double target = smoothing / static_cast<double>(classes);
      if (j == labels[row]) target += 1 - smoothing;
      total -= target * log_p;
      dz[j] = static_cast<float>((std::exp(log_p) - target) / pictures);
    }
  }
  return total / pictures;
}

}  // namespace cnn
