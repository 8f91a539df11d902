// region quiet: includes
#pragma once

#include <cstdint>
#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/02_im2col_strided_views/strided_view.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region pad-declaration
/// The images with `geometry.padding` zeros on all four sides, as a copy.
/// @param input NCHW, geometry.input_shape()
Tensor pad(const ConvolutionGeometry& geometry, std::span<const float> input);

/// The shape of that copy.
Shape padded_shape(const ConvolutionGeometry& geometry);

/// The four sizes of a shape as axes of a view.
Axes axes_of(const Shape& shape);
// endregion

// region interior-declaration
/// The images inside their padding: a view of geometry.input_shape().
template <class T>
StridedView<T> interior(const ConvolutionGeometry& geometry,
                        std::span<T> padded) {
  const Axes strides = row_major_strides(axes_of(padded_shape(geometry)));
  return as_strided(padded, axes_of(geometry.input_shape()), strides,
                    geometry.padding * (strides[2] + strides[3]));
}
// endregion

// region windows-declaration
/// Shape of windows(), six axes.
Axes window_shape(const ConvolutionGeometry& geometry);
/// Strides of windows(), in elements, for the same six axes.
Axes window_strides(const ConvolutionGeometry& geometry);

/// Every place the kernel stands on, without moving a number: element
/// (n, c, oy, ox, ky, kx) is the padded input pixel that weight (ky, kx) of
/// channel c meets when it computes output (oy, ox) of image n.
/// @param padded NCHW, padded_shape(geometry)
template <class T>
StridedView<T> windows(const ConvolutionGeometry& geometry,
                       std::span<T> padded) {
  return as_strided(padded, window_shape(geometry), window_strides(geometry));
}

}  // namespace cnn
// endregion
