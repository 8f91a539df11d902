// region quiet: includes
#pragma once

#include <cstdint>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"

namespace cnn {
// endregion

// region channel-constants
/// What a pass over all pixels multiplies and adds, for each channel. Padded
/// with zeros to the width of a pixel: loops over channels then run over the
/// gaps, too, and write 0 there.
struct ChannelConstants {
  std::vector<float> mean;
  std::vector<float> factor;
  std::vector<float> shift;
  std::vector<float> slope;

  /// Makes room for so many channels; never shrinks.
  void reserve(std::int64_t pixel);
};
// endregion

// region batch-norm-passes
/// First pass forward. Sums of x - first and of (x - first)^2 for each channel,
/// `first` being its number in the first pixel; in float64, pixel sums before
/// squares, then piece after piece in a fixed order.
/// @param sums room for 2 * Pieces::kMost * pixel; the first 2 * pixel count
void sum_channels(const Shape& shape, const float* input, double* sums,
                  int threads);

/// Second pass: output = pool(relu((x - mean) * factor + shift)).
/// @param winners may be null
void normalise(const BatchNormBlock& block, const ChannelConstants& constants,
               const float* input, float* output, std::uint8_t* winners,
               int threads);

/// First pass back. Sums of g and of g * (x - mean), likewise, where g is the
/// gradient of the normalised numbers: what comes back through pool and ReLU.
void sum_gradients(const BatchNormBlock& block,
                   const ChannelConstants& constants, const float* input,
                   const float* output_gradient, const std::uint8_t* winners,
                   double* sums, int threads);

/// Second pass: input_gradient = factor * g + shift - slope * (x - mean).
void spread_gradient(const BatchNormBlock& block,
                     const ChannelConstants& constants, const float* input,
                     const float* output_gradient, const std::uint8_t* winners,
                     float* input_gradient, int threads);

}  // namespace cnn
// endregion
