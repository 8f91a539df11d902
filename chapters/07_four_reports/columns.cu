// region quiet: includes
#include "chapters/07_four_reports/columns.hpp"

#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "chapters/06_tiled_cuda_adam/product_plan.hpp"
#include "chapters/06_tiled_cuda_adam/tuned_product.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region columns-of
Columns columns_of(const ConvolutionGeometry& geometry) {
  const Shape output = geometry.output_shape();
  const auto divisor = [](std::int64_t number) {
    return FastDivisor(static_cast<int>(number));
  };
  const std::int64_t taps = geometry.kernel_height * geometry.kernel_width;
  require_countable(columns_size(geometry), "the columns");
  return {.elements = static_cast<int>(columns_size(geometry)),
          .terms = static_cast<int>(column_rows(geometry)),
          .stride = static_cast<int>(geometry.stride),
          .padding = static_cast<int>(geometry.padding),
          .channels = static_cast<int>(geometry.input_channels),
          .input_height = static_cast<int>(geometry.input_height),
          .input_width = static_cast<int>(geometry.input_width),
          .by_plane = divisor(output.height * output.width),
          .by_width = divisor(output.width),
          .by_terms = divisor(column_rows(geometry)),
          .by_taps = divisor(taps),
          .by_kernel_width = divisor(geometry.kernel_width)};
}
// endregion

// region write-columns
namespace {

__global__ void write_one_each(int count, Columns s, const float* input,
                               float* columns) {
  const int i = this_output();
  if (i >= count) return;
  const int row = s.by_plane.quotient(i);  // image and term
  const int pixel = s.by_plane.remainder(i, row);
  const int image = s.by_terms.quotient(row);
  const int term = s.by_terms.remainder(row, image);
  const int channel = s.by_taps.quotient(term);
  const int tap = s.by_taps.remainder(term, channel);
  const int ky = s.by_kernel_width.quotient(tap);
  const int kx = s.by_kernel_width.remainder(tap, ky);
  const int oy = s.by_width.quotient(pixel);
  const int ox = s.by_width.remainder(pixel, oy);

  const int y = oy * s.stride - s.padding + ky;
  const int x = ox * s.stride - s.padding + kx;
  const bool inside =
      y >= 0 && y < s.input_height && x >= 0 && x < s.input_width;
  const int plane = image * s.channels + channel;
  columns[i] =
      inside ? input[(plane * s.input_height + y) * s.input_width + x] : 0;
}

}  // namespace

void write_columns(const Columns& columns, const float* input, float* to,
                   const Stream& stream) {
  launch_for_each(columns.elements, stream, write_one_each, columns, input, to);
}
// endregion

// region multiply-columns-made
void multiply_columns(const ConvolutionGeometry& geometry, const float* columns,
                      const float* filter, float* output,
                      const Stream& stream) {
  const auto terms = static_cast<int>(column_rows(geometry));
  const auto pixels = static_cast<int>(column_count(geometry));
  const auto channels = static_cast<int>(geometry.output_channels);
  const std::int64_t columns_step = std::int64_t{terms} * pixels;
  const std::int64_t output_step = std::int64_t{channels} * pixels;
  // Few rows: the smallest tile wastes the fewest of them. Sums in one part
  // need no scratch memory.
  const ProductPlan plan{.tile = ProductPlan::Tile::kSmall};
  for (std::int64_t image = 0; image < geometry.batch; ++image) {
    multiply_tuned({.m = channels,
                    .n = pixels,
                    .k = terms,
                    .a = filter,
                    .lda = terms,
                    .b = columns + image * columns_step,
                    .ldb = pixels,
                    .c = output + image * output_step,
                    .ldc = pixels},
                   {}, plan, nullptr, stream);
  }
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
