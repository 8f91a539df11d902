#include <algorithm>
#include <vector>

#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "chapters/02_im2col_strided_views/windows.hpp"
#include "exercise.hpp"

namespace cnn {

void strip_forward(const ConvolutionGeometry& geometry,
                   std::span<const float> padded, std::span<const float> filter,
                   std::span<float> output, std::int64_t strip) {
  const Shape out = geometry.output_shape();
  const std::int64_t terms = geometry.terms();
  const auto filters = row_major(filter, {out.channels, terms});
  std::vector<float> columns(
      static_cast<std::size_t>(terms * strip * out.width));
  std::fill(output.begin(), output.end(), 0.0F);

  for (std::int64_t n = 0; n < out.batch; ++n) {
    for (std::int64_t first = 0; first < out.height; first += strip) {
      const std::int64_t count = std::min(strip, out.height - first);
      // your code here: columns of this strip, then their product
    }
  }
}

}  // namespace cnn
