#include <algorithm>

#include "exercise.hpp"

namespace cnn {

void multiply_two_by_two(const StridedView<const float>& a,
                         const StridedView<const float>& b,
                         const StridedView<float>& c) {
  const std::int64_t rows = c.shape()[0];
  const std::int64_t columns = c.shape()[1];
  const std::int64_t terms = a.shape()[1];
  for (std::int64_t i = 0; i < rows; i += 2) {
    for (std::int64_t j = 0; j < columns; j += 2) {
      // your code here
      const std::int64_t below = std::min(i + 1, rows - 1);
      const std::int64_t right = std::min(j + 1, columns - 1);
      float sum00 = 0, sum01 = 0, sum10 = 0, sum11 = 0;
      for (std::int64_t k = 0; k < terms; ++k) {
        const float a0 = a({i, k});
        const float a1 = a({below, k});
        const float b0 = b({k, j});
        const float b1 = b({k, right});
        sum00 += a0 * b0;
        sum01 += a0 * b1;
        sum10 += a1 * b0;
        sum11 += a1 * b1;
      }
      // At an edge, the second sum equals the first and is written over it.
      c({i, j}) = sum00;
      c({i, right}) = right > j ? sum01 : sum00;
      c({below, j}) = below > i ? sum10 : sum00;
      if (below > i && right > j) c({below, right}) = sum11;
    }
  }
}

}  // namespace cnn
