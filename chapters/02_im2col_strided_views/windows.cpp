// region quiet: includes
#include "chapters/02_im2col_strided_views/windows.hpp"

namespace cnn {
// endregion

// region padded-shape
Shape padded_shape(const ConvolutionGeometry& geometry) {
  Shape shape = geometry.input_shape();
  shape.height += 2 * geometry.padding;
  shape.width += 2 * geometry.padding;
  return shape;
}

Axes axes_of(const Shape& shape) {
  return {shape.batch, shape.channels, shape.height, shape.width};
}
// endregion

// region pad
Tensor pad(const ConvolutionGeometry& geometry, std::span<const float> input) {
  Tensor padded(padded_shape(geometry));  // all zero
  copy(row_major(input, axes_of(geometry.input_shape())),
       interior(geometry, padded.values()));
  return padded;
}
// endregion

// region windows
Axes window_shape(const ConvolutionGeometry& geometry) {
  return {geometry.batch,           geometry.input_channels,
          geometry.output_height(), geometry.output_width(),
          geometry.kernel_height,   geometry.kernel_width};
}

Axes window_strides(const ConvolutionGeometry& geometry) {
  const Axes padded = row_major_strides(axes_of(padded_shape(geometry)));
  const std::int64_t row = padded[2];
  const std::int64_t pixel = padded[3];
  return {padded[0],
          padded[1],  // next image, next channel
          geometry.stride * row,
          geometry.stride * pixel,  // next window
          row,
          pixel};  // inside a window
}

}  // namespace cnn
// endregion
