// region quiet: includes
#include "chapters/02_im2col_strided_views/im2col.hpp"

#include <algorithm>

#include "chapters/02_im2col_strided_views/windows.hpp"

namespace cnn {
// endregion

// region columns-shape
std::int64_t column_rows(const ConvolutionGeometry& geometry) {
  return geometry.terms();
}

std::int64_t column_count(const ConvolutionGeometry& geometry) {
  return geometry.output_height() * geometry.output_width();
}

std::int64_t columns_size(const ConvolutionGeometry& geometry) {
  return geometry.batch * column_rows(geometry) * column_count(geometry);
}

ConvolutionGeometry one_image(ConvolutionGeometry geometry) {
  geometry.batch = 1;
  return geometry;
}
// endregion

// region im2col-loops
void im2col_loops(const ConvolutionGeometry& geometry,
                  std::span<const float> input, std::span<float> columns) {
  const Shape in = geometry.input_shape();
  std::size_t next = 0;  // the columns are written from first to last
  for (std::int64_t n = 0; n < in.batch; ++n) {
    for (std::int64_t c = 0; c < in.channels; ++c) {
      for (std::int64_t ky = 0; ky < geometry.kernel_height; ++ky) {
        for (std::int64_t kx = 0; kx < geometry.kernel_width; ++kx) {
          for (std::int64_t oy = 0; oy < geometry.output_height(); ++oy) {
            for (std::int64_t ox = 0; ox < geometry.output_width(); ++ox) {
              const auto y = oy * geometry.stride + ky - geometry.padding;
              const auto x = ox * geometry.stride + kx - geometry.padding;
              const bool inside =
                  y >= 0 && y < in.height && x >= 0 && x < in.width;
              columns[next++] = inside ? input[offset(in, n, c, y, x)] : 0.0F;
            }
          }
        }
      }
    }
  }
}
// endregion

// region im2col-view
void im2col_view(const ConvolutionGeometry& geometry,
                 std::span<const float> padded, std::span<float> columns) {
  // (n, c, oy, ox, ky, kx), read in the order n, c, ky, kx, oy, ox
  materialise(windows(geometry, padded).reordered({0, 1, 4, 5, 2, 3}), columns);
}
// endregion

// region im2row-view
void im2row_view(const ConvolutionGeometry& geometry,
                 std::span<const float> padded, std::span<float> rows) {
  // (n, c, oy, ox, ky, kx), read in the order n, oy, ox, c, ky, kx
  materialise(windows(geometry, padded).reordered({0, 2, 3, 1, 4, 5}), rows);
}
// endregion

// region col2im
void col2im(const ConvolutionGeometry& geometry, std::span<const float> columns,
            std::span<float> image) {
  const Shape in = geometry.input_shape();
  std::fill(image.begin(), image.end(), 0.0F);
  std::size_t next = 0;
  for (std::int64_t n = 0; n < in.batch; ++n) {
    for (std::int64_t c = 0; c < in.channels; ++c) {
      for (std::int64_t ky = 0; ky < geometry.kernel_height; ++ky) {
        for (std::int64_t kx = 0; kx < geometry.kernel_width; ++kx) {
          for (std::int64_t oy = 0; oy < geometry.output_height(); ++oy) {
            for (std::int64_t ox = 0; ox < geometry.output_width(); ++ox) {
              const auto y = oy * geometry.stride + ky - geometry.padding;
              const auto x = ox * geometry.stride + kx - geometry.padding;
              const bool inside =
                  y >= 0 && y < in.height && x >= 0 && x < in.width;
              const float value = columns[next++];
              if (inside) image[offset(in, n, c, y, x)] += value;
            }
          }
        }
      }
    }
  }
}
// endregion

// region im2col-work
Work im2col_work(const ConvolutionGeometry& geometry) {
  const std::int64_t elements =
      geometry.input_shape().size() + columns_size(geometry);
  return {.flop = 0, .bytes = static_cast<double>(elements) * sizeof(float)};
}

double blow_up(const ConvolutionGeometry& geometry) {
  return static_cast<double>(columns_size(geometry)) /
         static_cast<double>(geometry.input_shape().size());
}

}  // namespace cnn
// endregion
