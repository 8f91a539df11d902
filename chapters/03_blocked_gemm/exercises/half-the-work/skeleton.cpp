#include <algorithm>

#include "exercise.hpp"

namespace cnn {

void multiply_by_own_transpose(const StridedView<const float>& a,
                               const StridedView<float>& c, std::int64_t block,
                               const MatrixProduct& product) {
  const std::int64_t rows = a.shape()[0];
  const std::int64_t terms = a.shape()[1];
  for (std::int64_t i = 0; i < rows; i += block) {
    const std::int64_t height = std::min(block, rows - i);
    for (std::int64_t j = 0; j <= i; j += block) {
      const std::int64_t width = std::min(block, rows - j);
      // your code here
    }
  }
}

}  // namespace cnn
