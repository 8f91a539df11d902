// region quiet: includes
#pragma once

#include <cstdint>
#include <span>

#include "common/tensor.hpp"

namespace cnn {
// endregion

// region channels-last
/// Images with their channels innermost: element (n, c, y, x) lies at
/// ((n * height + y) * width + x) * pixel + c. `pixel` may exceed the number of
/// channels, so that every pixel starts at a vector; the floats in between are
/// 0 and whoever writes such an array keeps them 0.
struct ChannelsLast {
  std::int64_t batch = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;
  std::int64_t pixel = 0;  ///< floats from one pixel to the next

  std::int64_t size() const { return batch * height * width * pixel; }
  bool operator==(const ChannelsLast&) const = default;
};

/// How arrays of this shape lie in this course: `pixel` is `channels` itself up
/// to 4 (pictures), 8 up to 8, otherwise rounded up to a multiple of 16.
ChannelsLast channels_last(const Shape& shape);

/// NCHW to channels last. Spans have exactly the sizes that the
/// layouts tell; std::invalid_argument otherwise.
void to_channels_last(const ChannelsLast& layout, std::span<const float> nchw,
                      std::span<float> channels_last, int threads = 1);
/// And back.
void from_channels_last(const ChannelsLast& layout,
                        std::span<const float> channels_last,
                        std::span<float> nchw, int threads = 1);

}  // namespace cnn
// endregion
