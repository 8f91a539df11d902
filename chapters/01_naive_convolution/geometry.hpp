// region quiet: includes
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/tensor.hpp"
#include "common/work.hpp"

namespace cnn {
// endregion

// region geometry
/// The sizes that decide a convolution. Images are NCHW, filters OIHW.
struct ConvolutionGeometry {
  std::int64_t batch = 1;
  std::int64_t input_channels = 1;
  std::int64_t input_height = 1;
  std::int64_t input_width = 1;
  std::int64_t output_channels = 1;
  std::int64_t kernel_height = 1;
  std::int64_t kernel_width = 1;
  std::int64_t stride = 1;
  std::int64_t padding = 0;

  std::int64_t output_height() const;
  std::int64_t output_width() const;

  Shape input_shape() const;
  Shape filter_shape() const;
  Shape output_shape() const;

  /// Products summed into one output value: input_channels * kernel area.
  std::int64_t terms() const;

  /// Throws InputError with one sentence when no such convolution exists.
  void validate() const;
};
// endregion

// region offset
/// Where element (n, c, y, x) of an NCHW array lies, counted in elements.
/// For a filter, OIHW: (output channel, input channel, row, column).
inline std::size_t offset(const Shape& shape, std::int64_t n, std::int64_t c,
                          std::int64_t y, std::int64_t x) {
  return static_cast<std::size_t>(
      ((n * shape.channels + c) * shape.height + y) * shape.width + x);
}
// endregion

// region work-declaration
/// The work of one convolution, forward or either gradient: a multiplication
/// and an addition for each term of each output value (terms that fall on
/// padding included), and each of the three arrays moved between memory and
/// processor once, which is the least that any program can do.
Work convolution_work(const ConvolutionGeometry& geometry);
// endregion

// region to-string-declaration
/// "batch 64, 32x13x13 to 64x11x11, kernel 3x3, stride 1, padding 0".
std::string to_string(const ConvolutionGeometry& geometry);

}  // namespace cnn
// endregion
