#include <algorithm>
#include <array>
#include <cstdint>

#include "exercise.hpp"

namespace cnn {

void convolution_eight_outputs(const ConvolutionGeometry& geometry,
                               std::span<const float> input,
                               std::span<const float> filter,
                               std::span<float> output) {
  const Shape in = geometry.input_shape();
  const Shape weights = geometry.filter_shape();
  const Shape out = geometry.output_shape();
  for (std::int64_t n = 0; n < out.batch; ++n) {
    for (std::int64_t o = 0; o < out.channels; ++o) {
      for (std::int64_t y = 0; y < out.height; ++y) {
        for (std::int64_t x = 0; x < out.width; x += 8) {
          const auto count = std::min<std::int64_t>(8, out.width - x);
          std::array<float, 8> sums{};
          // your code here
          std::copy_n(sums.begin(), count, &output[offset(out, n, o, y, x)]);
        }
      }
    }
  }
}

}  // namespace cnn
