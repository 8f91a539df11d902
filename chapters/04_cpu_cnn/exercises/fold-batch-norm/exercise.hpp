#pragma once

#include <span>

namespace cnn {

/// What batch normalisation has learnt and kept, a number for each channel.
struct BatchNormNumbers {
  std::span<const float> scale;  ///< gamma
  std::span<const float> shift;  ///< beta
  std::span<const float> running_mean;
  std::span<const float> running_variance;
  float epsilon = 1e-5F;
};

/// Changes a convolution so that it alone computes what it and the batch
/// normalisation after it compute at inference.
/// @param filter OIHW; changed
/// @param bias   one for each output channel; changed
void fold_batch_norm(const BatchNormNumbers& norm, std::span<float> filter,
                     std::span<float> bias);

}  // namespace cnn
