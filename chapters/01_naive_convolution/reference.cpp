// region quiet: includes
#include "chapters/01_naive_convolution/reference.hpp"

#include <cmath>

namespace cnn {
// endregion

// region scatter
namespace {

/// Starts from an input pixel and asks which outputs it reaches: weight
/// (ky, kx) carries row iy to output row (iy + padding - ky) / stride, if that
/// is a whole number and inside. Calls visit(input, filter, output offset).
template <class Visit>
void scatter(const ConvolutionGeometry& geometry, Visit visit) {
  const Shape in = geometry.input_shape();
  const Shape weights = geometry.filter_shape();
  const Shape out = geometry.output_shape();
  const std::int64_t stride = geometry.stride;
  for (std::int64_t n = 0; n < in.batch; ++n)
    for (std::int64_t i = 0; i < in.channels; ++i)
      for (std::int64_t iy = 0; iy < in.height; ++iy)
        for (std::int64_t ky = 0; ky < weights.height; ++ky) {
          const std::int64_t row = iy + geometry.padding - ky;
          if (row < 0 || row % stride != 0 || row / stride >= out.height)
            continue;
          for (std::int64_t ix = 0; ix < in.width; ++ix)
            for (std::int64_t kx = 0; kx < weights.width; ++kx) {
              const std::int64_t column = ix + geometry.padding - kx;
              if (column < 0 || column % stride != 0 ||
                  column / stride >= out.width)
                continue;
              for (std::int64_t o = 0; o < out.channels; ++o)
                visit(offset(in, n, i, iy, ix), offset(weights, o, i, ky, kx),
                      offset(out, n, o, row / stride, column / stride));
            }
        }
}
// endregion

// region add-product
void add_product(ReferenceResult& result, std::size_t index, float a, float b) {
  // Exact: the product of two 24-bit significands fits in the 53 of a double.
  const double product = double{a} * double{b};
  result.value[index] += product;
  result.magnitude[index] += std::abs(product);
}

}  // namespace

ReferenceResult::ReferenceResult(const Shape& shape)
    : value(static_cast<std::size_t>(shape.size())), magnitude(value.size()) {}
// endregion

// region references
ReferenceResult reference_forward(const ConvolutionGeometry& geometry,
                                  std::span<const float> input,
                                  std::span<const float> filter) {
  ReferenceResult result(geometry.output_shape());
  scatter(geometry, [&](std::size_t in, std::size_t weight, std::size_t out) {
    add_product(result, out, input[in], filter[weight]);
  });
  return result;
}

ReferenceResult reference_backward_input(const ConvolutionGeometry& geometry,
                                         std::span<const float> output_gradient,
                                         std::span<const float> filter) {
  ReferenceResult result(geometry.input_shape());
  scatter(geometry, [&](std::size_t in, std::size_t weight, std::size_t out) {
    add_product(result, in, output_gradient[out], filter[weight]);
  });
  return result;
}

ReferenceResult reference_backward_filter(
    const ConvolutionGeometry& geometry, std::span<const float> input,
    std::span<const float> output_gradient) {
  ReferenceResult result(geometry.filter_shape());
  scatter(geometry, [&](std::size_t in, std::size_t weight, std::size_t out) {
    add_product(result, weight, output_gradient[out], input[in]);
  });
  return result;
}
// endregion

// region reference-terms
std::int64_t backward_input_terms(const ConvolutionGeometry& geometry) {
  return geometry.output_channels * geometry.kernel_height *
         geometry.kernel_width;
}

std::int64_t backward_filter_terms(const ConvolutionGeometry& geometry) {
  return geometry.batch * geometry.output_height() * geometry.output_width();
}

}  // namespace cnn
// endregion
