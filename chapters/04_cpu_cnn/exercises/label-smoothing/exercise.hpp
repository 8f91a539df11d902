#pragma once

#include <cstdint>
#include <span>

namespace cnn {

/// Softmax and mean cross-entropy against targets that are never quite sure:
/// 1 - smoothing + smoothing / classes for the right class and
/// smoothing / classes for each other one.
/// @param logits   pictures x classes, one row for each label
/// @param gradient of the mean loss with respect to the logits; overwritten
/// @return the mean loss, in nats
double smoothed_cross_entropy(std::int64_t classes, double smoothing,
                              std::span<const float> logits,
                              std::span<const std::uint8_t> labels,
                              std::span<float> gradient);

}  // namespace cnn
