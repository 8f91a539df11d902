#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace cnn {

/// Mean over a window of `size` x `size` pixels around each pixel of one grey
/// picture; what lies outside counts as 0, and the sum is always divided by
/// size * size.
/// @param size odd
std::vector<float> separable_blur(std::span<const float> picture,
                                  std::int64_t height, std::int64_t width,
                                  std::int64_t size);

}  // namespace cnn
