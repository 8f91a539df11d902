// region quiet: includes
#include "chapters/02_im2col_strided_views/overlap.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/02_im2col_strided_views/windows.hpp"

namespace cnn {
// endregion

// region add-in-one-go
void add_in_one_go(const StridedView<float>& view,
                   std::span<const float> addend) {
  std::vector<float> sums(addend.size());
  materialise(view, sums);  // every index reads the old element
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += addend[i];
  copy(row_major(std::span<const float>(sums), view.shape()), view);
}
// endregion

// region col2im-through-view
void col2im_through_view(const ConvolutionGeometry& geometry,
                         std::span<const float> columns,
                         std::span<float> image) {
  const Axes shape = window_shape(geometry);
  // Our columns lie in the order n, c, ky, kx, oy, ox; the view's is n, c, oy,
  // ox, ky, kx.
  std::vector<float> addend(columns.size());
  materialise(row_major(columns, permuted(shape, {0, 1, 4, 5, 2, 3}))
                  .reordered({0, 1, 4, 5, 2, 3}),
              addend);

  Tensor padded(padded_shape(geometry));
  add_in_one_go(windows(geometry, padded.values()), addend);
  materialise(interior(geometry, padded.values()), image);
}
// endregion

// region damage
GradientDamage gradient_damage(std::span<const float> right,
                               std::span<const float> wrong) {
  double difference = 0;
  double product = 0;
  double right_square = 0;
  double wrong_square = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    const double r = right[i];
    const double w = wrong[i];
    difference += (w - r) * (w - r);
    product += w * r;
    right_square += r * r;
    wrong_square += w * w;
  }
  return {.relative_error = std::sqrt(difference / right_square),
          .cosine = product / std::sqrt(right_square * wrong_square),
          .length_ratio = std::sqrt(wrong_square / right_square)};
}
// endregion

// region lost-share
double lost_share(const ConvolutionGeometry& geometry) {
  const auto arrived = [&](auto scatter) {
    const std::vector<float> ones(
        static_cast<std::size_t>(columns_size(geometry)), 1.0F);
    Tensor image(geometry.input_shape());
    scatter(geometry, ones, image.values());
    const auto pixels = image.values();
    return std::accumulate(pixels.begin(), pixels.end(), 0.0);
  };
  return 1 - arrived(col2im_through_view) / arrived(col2im);
}

}  // namespace cnn
// endregion
