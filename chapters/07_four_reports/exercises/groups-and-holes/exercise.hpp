#pragma once

#include <cstdint>

namespace cnn {

/// A convolution, as far as one has to know it to count. Both numbers of
/// channels are multiples of `groups`, and the kernel fits at least once.
struct ConvolutionSize {
  std::int64_t input_channels = 1;
  std::int64_t output_channels = 1;
  std::int64_t height = 1;  ///< of the input
  std::int64_t width = 1;
  std::int64_t kernel = 1;  ///< taps in each direction
  std::int64_t stride = 1;
  std::int64_t padding = 0;
  std::int64_t dilation = 1;  ///< pixels from one tap to the next
  std::int64_t groups = 1;
};

/// What it costs.
struct ConvolutionCost {
  std::int64_t weights = 0;  ///< with one bias for each output channel
  /// For one picture: products with padding count like any other, and each
  /// output counts one more for its bias.
  std::int64_t multiply_adds = 0;
};

/// Counts as report 002 does.
ConvolutionCost cost_of(const ConvolutionSize& size);

}  // namespace cnn
