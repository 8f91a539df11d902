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

  materialise(interior(geometry, padded.values()), image);
}

}  // namespace cnn
