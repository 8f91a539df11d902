#include "exercise.hpp"

namespace cnn {

StridedView<const float> dilated_windows(const ConvolutionGeometry& geometry,
                                         std::int64_t dilation,
                                         std::span<const float> padded) {
  const Shape image = padded_shape(geometry);
  Axes shape = window_shape(geometry);
  Axes strides = window_strides(geometry);
  // your code here: four of these twelve numbers depend on the dilation
  return as_strided(padded, shape, strides);
}

}  // namespace cnn
