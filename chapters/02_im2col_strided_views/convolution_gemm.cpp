// region quiet: includes
#include "chapters/02_im2col_strided_views/convolution_gemm.hpp"

#include <algorithm>
#include <utility>

#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/02_im2col_strided_views/windows.hpp"

namespace cnn {
// endregion

// region matrix-shapes
namespace {

/// Memory for so many numbers, aligned to a cache line.
Tensor room(const Axes& shape) {
  return Tensor({1, 1, 1, element_count(shape)});
}

/// OIHW without a change: a row for each filter, a column for each weight.
Axes filter_matrix(const ConvolutionGeometry& geometry) {
  return {geometry.output_channels, column_rows(geometry)};
}

/// What im2col makes of one image.
Axes column_matrix(const ConvolutionGeometry& geometry) {
  return {column_rows(geometry), column_count(geometry)};
}

/// NCHW without a change: for each image, a row for each channel.
Axes output_matrices(const ConvolutionGeometry& geometry) {
  return {geometry.batch, geometry.output_channels, column_count(geometry)};
}

}  // namespace
// endregion

// region columns-of-image
ImageScratch::ImageScratch(const ConvolutionGeometry& geometry)
    : padded(padded_shape(one_image(geometry))),
      columns(room(column_matrix(geometry))),
      gradient(room(output_matrices(one_image(geometry)))),
      filter_gradient(room(filter_matrix(geometry))) {}

namespace {

/// Writes the column matrix of image n to scratch.columns.
void columns_of_image(const ConvolutionGeometry& geometry,
                      std::span<const float> input, std::int64_t n,
                      ImageScratch& scratch) {
  const ConvolutionGeometry one = one_image(geometry);
  const auto images = row_major(input, axes_of(geometry.input_shape()));
  copy(images.slice(n), interior(one, scratch.padded.values()).slice(0));
  im2col_view(one, scratch.padded.values(), scratch.columns.values());
}

}  // namespace
// endregion

// region forward
void gemm_forward(const ConvolutionGeometry& geometry,
                  std::span<const float> input, std::span<const float> filter,
                  std::span<float> output, ImageScratch& scratch,
                  const MatrixProduct& product) {
  const auto filters = row_major(filter, filter_matrix(geometry));
  const auto columns =
      row_major(scratch.columns.values(), column_matrix(geometry));
  const auto outputs = row_major(output, output_matrices(geometry));

  std::fill(output.begin(), output.end(), 0.0F);
  for (std::int64_t n = 0; n < geometry.batch; ++n) {
    columns_of_image(geometry, input, n, scratch);
    product(filters, columns, outputs.slice(n));
  }
}
// endregion

// region backward-input
void gemm_backward_input(const ConvolutionGeometry& geometry,
                         std::span<const float> output_gradient,
                         std::span<const float> filter,
                         std::span<float> input_gradient, ImageScratch& scratch,
                         const MatrixProduct& product) {
  const auto filters = row_major(filter, filter_matrix(geometry));
  const auto columns =
      row_major(scratch.columns.values(), column_matrix(geometry));
  const auto gradients = row_major(output_gradient, output_matrices(geometry));
  const auto image =
      static_cast<std::size_t>(one_image(geometry).input_shape().size());

  for (std::int64_t n = 0; n < geometry.batch; ++n) {
    scratch.columns.fill(0.0F);
    product(filters.transposed(), gradients.slice(n), columns);
    col2im(one_image(geometry), scratch.columns.values(),
           input_gradient.subspan(static_cast<std::size_t>(n) * image, image));
  }
}
// endregion

// region backward-filter
void gemm_backward_filter(const ConvolutionGeometry& geometry,
                          std::span<const float> input,
                          std::span<const float> output_gradient,
                          std::span<float> filter_gradient,
                          ImageScratch& scratch, const MatrixProduct& product) {
  const auto [channels, terms] =
      std::pair{geometry.output_channels, column_rows(geometry)};
  const auto columns =
      row_major(scratch.columns.values(), column_matrix(geometry));
  const auto gradients = row_major(output_gradient, output_matrices(geometry));
  const auto gradient =
      row_major(scratch.gradient.values(), {column_count(geometry), channels});
  const auto sum =
      row_major(scratch.filter_gradient.values(), {terms, channels});

  scratch.filter_gradient.fill(0.0F);
  for (std::int64_t n = 0; n < geometry.batch; ++n) {
    columns_of_image(geometry, input, n, scratch);
    // The product walks along the rows of its right factor, so those should
    // be dense. Transposing the gradient costs less than transposing columns.
    copy(gradients.slice(n).transposed(), gradient);
    product(columns, gradient, sum);
  }
  materialise(sum.transposed(), filter_gradient);
}
// endregion

// region forward-batch
BatchScratch::BatchScratch(const ConvolutionGeometry& geometry)
    : padded(padded_shape(geometry)),
      rows(room({columns_size(geometry)})),
      filters(room(filter_matrix(geometry))),
      result(room(output_matrices(geometry))) {}

void gemm_forward_batch(const ConvolutionGeometry& geometry,
                        std::span<const float> input,
                        std::span<const float> filter, std::span<float> output,
                        BatchScratch& scratch, const MatrixProduct& product) {
  const Shape out = geometry.output_shape();
  const std::int64_t terms = column_rows(geometry);
  const std::int64_t pixels = out.batch * column_count(geometry);
  const auto rows = row_major(scratch.rows.values(), {pixels, terms});
  const auto filters =
      row_major(scratch.filters.values(), {terms, out.channels});
  const auto result =
      row_major(scratch.result.values(), {pixels, out.channels});

  copy(row_major(input, axes_of(geometry.input_shape())),
       interior(geometry, scratch.padded.values()));
  im2row_view(geometry, scratch.padded.values(), scratch.rows.values());
  copy(row_major(filter, filter_matrix(geometry)).transposed(), filters);
  scratch.result.fill(0.0F);
  product(rows, filters, result);
  // From (n, oy, ox, channel) to (n, channel, oy, ox).
  materialise(row_major(scratch.result.values(),
                        {out.batch, out.height, out.width, out.channels})
                  .reordered({0, 3, 1, 2}),
              output);
}

}  // namespace cnn
// endregion
