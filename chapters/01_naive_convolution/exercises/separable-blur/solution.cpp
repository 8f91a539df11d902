#include <vector>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "exercise.hpp"

namespace cnn {

std::vector<float> separable_blur(std::span<const float> picture,
                                  std::int64_t height, std::int64_t width,
                                  std::int64_t size) {
  const std::int64_t padding = size / 2;
  const std::vector<float> filter(static_cast<std::size_t>(size),
                                  1.0F / static_cast<float>(size));
  std::vector<float> result(picture.size());
  // your code here: first a 1 x size filter, then a size x 1 filter
  const ConvolutionGeometry rows{.input_height = height,
                                 .input_width = width,
                                 .kernel_width = size,
                                 .padding = padding};
  std::vector<float> blurred(
      static_cast<std::size_t>(rows.output_shape().size()));
  convolution_forward(rows, picture, filter, blurred);

  const ConvolutionGeometry columns{.input_height = rows.output_height(),
                                    .input_width = width,
                                    .kernel_height = size};
  convolution_forward(columns, blurred, filter, result);
  return result;
}

}  // namespace cnn
