// region quiet: includes
#include "chapters/01_naive_convolution/convolution.hpp"

#include <algorithm>

namespace cnn {
// endregion

// region seven-loops
void convolution_forward(const ConvolutionGeometry& geometry,
                         std::span<const float> input,
                         std::span<const float> filter,
                         std::span<float> output) {
  const Shape in = geometry.input_shape();
  const Shape weights = geometry.filter_shape();
  const Shape out = geometry.output_shape();

  for (std::int64_t n = 0; n < out.batch; ++n) {
    for (std::int64_t o = 0; o < out.channels; ++o) {
      for (std::int64_t y = 0; y < out.height; ++y) {
        for (std::int64_t x = 0; x < out.width; ++x) {
          float sum = 0;
          for (std::int64_t i = 0; i < in.channels; ++i) {
            for (std::int64_t ky = 0; ky < weights.height; ++ky) {
              for (std::int64_t kx = 0; kx < weights.width; ++kx) {
                const auto iy = y * geometry.stride + ky - geometry.padding;
                const auto ix = x * geometry.stride + kx - geometry.padding;
                if (iy < 0 || iy >= in.height) continue;
                if (ix < 0 || ix >= in.width) continue;
                sum += input[offset(in, n, i, iy, ix)] *
                       filter[offset(weights, o, i, ky, kx)];
              }
            }
          }
          output[offset(out, n, o, y, x)] = sum;
        }
      }
    }
  }
}
// endregion

// region for-each-product
namespace {

/// Calls visit(input offset, filter offset, output offset) once for every
/// product that the seven loops multiply out, in the same order.
template <class Visit>
void for_each_product(const ConvolutionGeometry& geometry, Visit visit) {
  const Shape in = geometry.input_shape();
  const Shape weights = geometry.filter_shape();
  const Shape out = geometry.output_shape();
  for (std::int64_t n = 0; n < out.batch; ++n)
    for (std::int64_t o = 0; o < out.channels; ++o)
      for (std::int64_t y = 0; y < out.height; ++y)
        for (std::int64_t x = 0; x < out.width; ++x)
          for (std::int64_t i = 0; i < in.channels; ++i)
            for (std::int64_t ky = 0; ky < weights.height; ++ky)
              for (std::int64_t kx = 0; kx < weights.width; ++kx) {
                const auto iy = y * geometry.stride + ky - geometry.padding;
                const auto ix = x * geometry.stride + kx - geometry.padding;
                if (iy < 0 || iy >= in.height) continue;
                if (ix < 0 || ix >= in.width) continue;
                visit(offset(in, n, i, iy, ix), offset(weights, o, i, ky, kx),
                      offset(out, n, o, y, x));
              }
}

}  // namespace
// endregion

// region backward
void convolution_backward_input(const ConvolutionGeometry& geometry,
                                std::span<const float> output_gradient,
                                std::span<const float> filter,
                                std::span<float> input_gradient) {
  std::fill(input_gradient.begin(), input_gradient.end(), 0.0F);
  for_each_product(
      geometry, [&](std::size_t in, std::size_t weight, std::size_t out) {
        input_gradient[in] += output_gradient[out] * filter[weight];
      });
}

void convolution_backward_filter(const ConvolutionGeometry& geometry,
                                 std::span<const float> input,
                                 std::span<const float> output_gradient,
                                 std::span<float> filter_gradient) {
  std::fill(filter_gradient.begin(), filter_gradient.end(), 0.0F);
  for_each_product(
      geometry, [&](std::size_t in, std::size_t weight, std::size_t out) {
        filter_gradient[weight] += output_gradient[out] * input[in];
      });
}

}  // namespace cnn
// endregion
