// region quiet: includes
#include "chapters/06_tiled_cuda_adam/window_product.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region forward-product
namespace {

FastDivisor divisor(std::int64_t number) {
  return FastDivisor(static_cast<int>(number));
}

/// What does not depend on the direction.
WindowProduct product_of(const ConvolutionGeometry& geometry,
                         const Shape& source, const Shape& result) {
  WindowProduct p{};
  p.rows = static_cast<int>(result.channels);
  p.channels = static_cast<int>(source.channels);
  p.plane = static_cast<int>(result.height * result.width);
  p.width = static_cast<int>(result.width);
  p.pixels = static_cast<int>(result.batch) * p.plane;
  p.source_plane = static_cast<int>(source.height * source.width);
  p.source_height = static_cast<int>(source.height);
  p.source_width = static_cast<int>(source.width);
  p.kernel_height = static_cast<int>(geometry.kernel_height);
  p.kernel_width = static_cast<int>(geometry.kernel_width);
  p.stride = static_cast<int>(geometry.stride);
  p.padding = static_cast<int>(geometry.padding);
  p.by_plane = divisor(result.height * result.width);
  p.by_width = divisor(result.width);
  p.by_taps = divisor(geometry.kernel_height * geometry.kernel_width);
  p.by_kernel_width = divisor(geometry.kernel_width);
  p.by_stride = divisor(geometry.stride);
  return p;
}

}  // namespace

WindowProduct forward_product(const ConvolutionGeometry& geometry,
                              const float* input, const float* filter,
                              const float* bias, bool relu, float* output) {
  WindowProduct p =
      product_of(geometry, geometry.input_shape(), geometry.output_shape());
  p.source = input;
  p.filter = filter;
  p.bias = bias;
  p.relu = relu;
  p.result = output;
  p.channel_step = p.kernel_height * p.kernel_width;
  p.row_step = p.channels * p.channel_step;
  return p;
}
// endregion

// region backward-product
WindowProduct backward_product(const ConvolutionGeometry& geometry,
                               const float* output_gradient,
                               const float* filter, float* input_gradient) {
  WindowProduct p =
      product_of(geometry, geometry.output_shape(), geometry.input_shape());
  p.source = output_gradient;
  p.filter = filter;
  p.result = input_gradient;
  p.row_step = p.kernel_height * p.kernel_width;
  p.channel_step = p.rows * p.row_step;
  return p;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
