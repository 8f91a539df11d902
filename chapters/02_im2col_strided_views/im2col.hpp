// region quiet: includes
#pragma once

#include <cstdint>
#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "common/work.hpp"

namespace cnn {
// endregion

// region columns-shape
/// One image's column matrix has a row for each weight of a filter (channel,
/// ky, kx) ...
std::int64_t column_rows(const ConvolutionGeometry& geometry);
/// ... and a column for each output pixel (oy, ox).
std::int64_t column_count(const ConvolutionGeometry& geometry);

/// Elements of all images' matrices together, one matrix after another.
std::int64_t columns_size(const ConvolutionGeometry& geometry);

/// The same convolution for a single image: what one image at a time means.
ConvolutionGeometry one_image(ConvolutionGeometry geometry);
// endregion

// region im2col-declarations
/// Writes for each image of the batch its column matrix: the number that each
/// weight meets at each output pixel, 0 where that is padding.
/// @param input   NCHW, geometry.input_shape()
/// @param columns batch x (channels ky kx) x (oy ox), columns_size(geometry)
void im2col_loops(const ConvolutionGeometry& geometry,
                  std::span<const float> input, std::span<float> columns);

/// The same through the window view: pad, look, copy.
/// @param padded NCHW, as pad() gives it
void im2col_view(const ConvolutionGeometry& geometry,
                 std::span<const float> padded, std::span<float> columns);

/// The transpose of the matrix above, for the whole batch in one: a row for
/// each output pixel of each image, a column for each weight.
/// @param rows (batch oy ox) x (channels ky kx), columns_size(geometry)
void im2row_view(const ConvolutionGeometry& geometry,
                 std::span<const float> padded, std::span<float> rows);
// endregion

// region col2im-declaration
/// The adjoint of im2col: every element of the columns goes back to the pixel
/// that it was read from, and those that meet there are added. What came from
/// padding is dropped.
/// @param columns batch x (channels ky kx) x (oy ox)
/// @param image   NCHW, geometry.input_shape(); overwritten
void col2im(const ConvolutionGeometry& geometry, std::span<const float> columns,
            std::span<float> image);
// endregion

// region im2col-work
/// No arithmetic; the images read once, the columns written once.
Work im2col_work(const ConvolutionGeometry& geometry);

/// How many times larger the columns are than the images they come from:
/// about kernel area / stride^2.
double blow_up(const ConvolutionGeometry& geometry);

}  // namespace cnn
// endregion
