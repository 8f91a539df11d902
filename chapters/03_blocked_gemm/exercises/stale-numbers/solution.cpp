#include <algorithm>

#include "exercise.hpp"

namespace cnn {

void pack_panel(const StridedView<const float>& matrix, std::int64_t first,
                std::int64_t width, std::span<float> panel) {
  const std::int64_t terms = matrix.shape()[0];
  const std::int64_t count = std::min(width, matrix.shape()[1] - first);
  // your code here
  std::fill(panel.begin(), panel.end(), 0.0F);
  for (std::int64_t k = 0; k < terms; ++k)
    for (std::int64_t j = 0; j < count; ++j)
      panel[static_cast<std::size_t>(k * width + j)] = matrix({k, first + j});
}

}  // namespace cnn
