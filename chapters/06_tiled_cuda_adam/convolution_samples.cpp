// region quiet: includes
#include "chapters/06_tiled_cuda_adam/convolution_samples.hpp"

#include <algorithm>
#include <cmath>

#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/06_tiled_cuda_adam/winograd_bound.hpp"

namespace cnn {
// endregion

// region sample-places
namespace {

/// The last one, and others at uneven distances.
std::vector<std::int64_t> sample_places(std::int64_t size, std::int64_t count) {
  std::vector<std::int64_t> places{size - 1};
  count = std::min(count, size);
  const std::int64_t step = size / count;
  for (std::int64_t i = 0; i < count; ++i) {
    places.push_back(i * step + i * 7919 % step);
  }
  return places;
}
// endregion

// region for-each-product
/// All products that the definition adds up for one element of a result.
template <class Use>
void for_each_product(const RandomProblem& p, ConvolutionPass pass,
                      std::int64_t place, const Use& use) {
  const ConvolutionGeometry& g = p.geometry;
  const Shape shape = result_shape(g, pass);
  const std::int64_t x = place % shape.width;
  const std::int64_t y = place / shape.width % shape.height;
  const std::int64_t c = place / (shape.width * shape.height) % shape.channels;
  const std::int64_t n = place / (shape.width * shape.height) / shape.channels;
  const Shape& in = p.input.shape();
  const Shape& out = p.output_gradient.shape();
  if (pass == ConvolutionPass::kFilterGradient) {
    for (std::int64_t i = 0; i < out.size() / out.channels; ++i) {
      const std::int64_t image = i / (out.height * out.width);
      const std::int64_t oy = i / out.width % out.height;
      const std::int64_t ox = i % out.width;
      const std::int64_t iy = oy * g.stride + y - g.padding;
      const std::int64_t ix = ox * g.stride + x - g.padding;
      if (iy < 0 || iy >= in.height || ix < 0 || ix >= in.width) continue;
      use(p.output_gradient(image, n, oy, ox), p.input(image, c, iy, ix));
    }
    return;
  }
  // The shapes have a stride of 1: backward is forward, the other way round.
  const bool forward = pass == ConvolutionPass::kForward;
  const Tensor& from = forward ? p.input : p.output_gradient;
  const Shape& source = from.shape();
  for (std::int64_t i = 0; i < source.channels * 9; ++i) {
    const std::int64_t ky = i / 3 % 3;
    const std::int64_t kx = i % 3;
    const std::int64_t sy = forward ? y + ky - g.padding : y - ky + g.padding;
    const std::int64_t sx = forward ? x + kx - g.padding : x - kx + g.padding;
    if (sy < 0 || sy >= source.height || sx < 0 || sx >= source.width) continue;
    use(from(n, i / 9, sy, sx),
        forward ? p.filter(c, i / 9, ky, kx) : p.filter(i / 9, c, ky, kx));
  }
}
// endregion

// region sample
}  // namespace

Samples sample(const RandomProblem& problem, ConvolutionPass pass) {
  const bool filter = pass == ConvolutionPass::kFilterGradient;
  Samples samples;
  samples.place = sample_places(result_shape(problem.geometry, pass).size(),
                                filter ? 8 : 400);
  for (const std::int64_t place : samples.place) {
    double sum = 0;
    double size = 0;
    for_each_product(problem, pass, place, [&](double a, double b) {
      sum += a * b;
      size += std::abs(a * b);
    });
    samples.value.push_back(sum);
    samples.magnitude.push_back(size);
  }
  samples.winograd = winograd_magnitude(problem, pass, samples.place);
  return samples;
}
// endregion

// region terms-of
std::int64_t terms_of(const ConvolutionGeometry& g, ConvolutionPass pass) {
  switch (pass) {
    case ConvolutionPass::kForward:
      return g.terms();
    case ConvolutionPass::kInputGradient:
      return backward_input_terms(g);
    case ConvolutionPass::kFilterGradient:
      break;
  }
  return backward_filter_terms(g);
}

}  // namespace cnn
// endregion
