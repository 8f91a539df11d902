// region quiet: includes
#include "chapters/01_naive_convolution/geometry.hpp"

#include <fmt/format.h>

#include "common/errors.hpp"

namespace cnn {
// endregion

// region output-size
namespace {

/// How many positions a kernel finds along one axis.
std::int64_t positions(std::int64_t input, std::int64_t kernel,
                       std::int64_t stride, std::int64_t padding) {
  return (input + 2 * padding - kernel) / stride + 1;
}

}  // namespace

std::int64_t ConvolutionGeometry::output_height() const {
  return positions(input_height, kernel_height, stride, padding);
}

std::int64_t ConvolutionGeometry::output_width() const {
  return positions(input_width, kernel_width, stride, padding);
}
// endregion

// region shapes
Shape ConvolutionGeometry::input_shape() const {
  return {batch, input_channels, input_height, input_width};
}

Shape ConvolutionGeometry::filter_shape() const {
  return {output_channels, input_channels, kernel_height, kernel_width};
}

Shape ConvolutionGeometry::output_shape() const {
  return {batch, output_channels, output_height(), output_width()};
}

std::int64_t ConvolutionGeometry::terms() const {
  return input_channels * kernel_height * kernel_width;
}
// endregion

// region validate
void ConvolutionGeometry::validate() const {
  for (const std::int64_t extent :
       {batch, input_channels, input_height, input_width, output_channels,
        kernel_height, kernel_width, stride}) {
    if (extent < 1) {
      throw InputError(fmt::format(
          "convolution ({}): found a size or stride of {}, expected at least 1",
          to_string(*this), extent));
    }
  }
  if (padding < 0) {
    throw InputError(
        fmt::format("convolution ({}): found padding {}, expected at least 0",
                    to_string(*this), padding));
  }
  if (kernel_height > input_height + 2 * padding ||
      kernel_width > input_width + 2 * padding) {
    throw InputError(fmt::format(
        "convolution ({}): the kernel is {}x{}, the padded input only {}x{}",
        to_string(*this), kernel_height, kernel_width,
        input_height + 2 * padding, input_width + 2 * padding));
  }
}
// endregion

// region work
Work convolution_work(const ConvolutionGeometry& geometry) {
  const double outputs = static_cast<double>(geometry.output_shape().size());
  const double terms = static_cast<double>(geometry.terms());
  const std::int64_t elements = geometry.input_shape().size() +
                                geometry.filter_shape().size() +
                                geometry.output_shape().size();
  return {.flop = 2 * outputs * terms,
          .bytes = static_cast<double>(elements) * sizeof(float)};
}
// endregion

// region to-string
std::string to_string(const ConvolutionGeometry& geometry) {
  // A stride of 0 is an error still to be reported, not one to trip over.
  const std::string output =
      geometry.stride < 1
          ? "?"
          : fmt::format("{}x{}x{}", geometry.output_channels,
                        geometry.output_height(), geometry.output_width());
  return fmt::format(
      "batch {}, {}x{}x{} to {}, kernel {}x{}, stride {}, padding {}",
      geometry.batch, geometry.input_channels, geometry.input_height,
      geometry.input_width, output, geometry.kernel_height,
      geometry.kernel_width, geometry.stride, geometry.padding);
}

}  // namespace cnn
// endregion
