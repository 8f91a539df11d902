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
      const auto band = [&](std::int64_t first, std::int64_t count) {
        return StridedView<const float>(a.data() + first * a.strides()[0],
                                        {count, terms}, a.strides());
      };
      const StridedView<float> below(&c({i, j}), {height, width}, c.strides());
      product(band(i, height), band(j, width).transposed(), below);
      if (j < i) {
        const StridedView<float> above(&c({j, i}), {width, height},
                                       c.strides());
        copy(StridedView<const float>(below).transposed(), above);
      }
    }
  }
}

}  // namespace cnn
