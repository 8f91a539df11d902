#include <vector>

#include "chapters/02_im2col_strided_views/overlap.hpp"
#include "chapters/02_im2col_strided_views/windows.hpp"
#include "exercise.hpp"

namespace cnn {

void col2im_in_parts(const ConvolutionGeometry& geometry,
                     std::span<const float> columns, std::span<float> image) {
  Tensor padded(padded_shape(geometry));  // all zero

  // Both as (ky, kx, n, c, oy, ox): where to add, and what.
  const auto to =
      windows(geometry, padded.values()).reordered({4, 5, 0, 1, 2, 3});
  const Axes as_stored = permuted(to.shape(), {2, 3, 0, 1, 4, 5});
  const auto from = row_major(columns, as_stored).reordered({2, 3, 0, 1, 4, 5});

  // your code here
  for (std::int64_t ky = 0; ky < geometry.kernel_height; ++ky) {
    for (std::int64_t kx = 0; kx < geometry.kernel_width; ++kx) {
      const auto part = from.slice(ky).slice(kx);
      std::vector<float> addend(static_cast<std::size_t>(part.size()));
      materialise(part, addend);
      add_in_one_go(to.slice(ky).slice(kx), addend);
    }
  }

  materialise(interior(geometry, padded.values()), image);
}

}  // namespace cnn
