#include "exercise.hpp"

namespace cnn {

void finish_row(std::span<const float> sums, std::span<const float> bias,
                std::span<float> c) {
  for (std::size_t j = 0; j < c.size(); ++j) {
    // your code here
    const float value = bias.empty() ? sums[j] : sums[j] + bias[j];
    c[j] = value < 0 ? 0.0F : value;
  }
}

std::int64_t fused_bytes(std::int64_t rows, std::int64_t columns) {
  std::int64_t bytes = 0;
  // your code here
  bytes = rows * columns * std::int64_t{sizeof(float)};
  return bytes;
}

std::int64_t separate_bytes(std::int64_t rows, std::int64_t columns) {
  std::int64_t bytes = 0;
  // your code here
  bytes = 5 * fused_bytes(rows, columns);
  return bytes;
}

}  // namespace cnn
