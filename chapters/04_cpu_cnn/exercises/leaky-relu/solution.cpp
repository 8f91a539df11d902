#include "exercise.hpp"

#include <cstddef>

namespace cnn {

void leaky_relu_forward(float slope, std::span<const float> input,
                        std::span<float> output) {
  for (std::size_t i = 0; i < input.size(); ++i) {
    // your code here
    output[i] = input[i] > 0 ? input[i] : slope * input[i];
  }
}

void leaky_relu_backward(float slope, std::span<const float> output,
                         std::span<const float> output_gradient,
                         std::span<float> input_gradient) {
  for (std::size_t i = 0; i < output.size(); ++i) {
    // your code here
    input_gradient[i] = (output[i] > 0 ? 1 : slope) * output_gradient[i];
  }
}

}  // namespace cnn
