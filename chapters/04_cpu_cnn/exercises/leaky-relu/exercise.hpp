#pragma once

#include <span>

namespace cnn {

/// output = input where it is above 0, slope * input elsewhere.
void leaky_relu_forward(float slope, std::span<const float> input,
                        std::span<float> output);

/// The gradient of a loss with respect to the input, from the layer's OUTPUT
/// and the loss's gradient with respect to it.
void leaky_relu_backward(float slope, std::span<const float> output,
                         std::span<const float> output_gradient,
                         std::span<float> input_gradient);

}  // namespace cnn
