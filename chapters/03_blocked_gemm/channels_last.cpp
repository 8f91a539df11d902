// region quiet: includes
#include "chapters/03_blocked_gemm/channels_last.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "chapters/03_blocked_gemm/parallel.hpp"

namespace cnn {
// endregion

// region channels-last-layout
ChannelsLast channels_last(const Shape& shape) {
  std::int64_t pixel = shape.channels;
  if (pixel > 8) {
    pixel = (pixel + 15) / 16 * 16;
  } else if (pixel > 4) {
    pixel = 8;
  }
  return {shape.batch, shape.height, shape.width, shape.channels, pixel};
}
// endregion

// region require-sizes
namespace {

void require_sizes(const ChannelsLast& layout, std::size_t nchw,
                   std::size_t channels_last) {
  const std::int64_t plane = layout.batch * layout.height * layout.width;
  if (nchw != static_cast<std::size_t>(plane * layout.channels) ||
      channels_last != static_cast<std::size_t>(layout.size())) {
    throw std::invalid_argument(fmt::format(
        "channels last: found {} and {} numbers, expected {} and {}", nchw,
        channels_last, plane * layout.channels, layout.size()));
  }
}

}  // namespace
// endregion

// region to-channels-last
void to_channels_last(const ChannelsLast& layout, std::span<const float> nchw,
                      std::span<float> channels_last, int threads) {
  require_sizes(layout, nchw.size(), channels_last.size());
  const std::int64_t pixels = layout.height * layout.width;
  parallel_for(threads, layout.batch, [&](std::int64_t n, int) {
    const float* from = nchw.data() + n * layout.channels * pixels;
    float* to = channels_last.data() + n * pixels * layout.pixel;
    for (std::int64_t i = 0; i < pixels; ++i, to += layout.pixel) {
      for (std::int64_t c = 0; c < layout.channels; ++c) {
        to[c] = from[c * pixels + i];
      }
      std::fill(to + layout.channels, to + layout.pixel, 0.0F);
    }
  });
}
// endregion

// region from-channels-last
void from_channels_last(const ChannelsLast& layout,
                        std::span<const float> channels_last,
                        std::span<float> nchw, int threads) {
  require_sizes(layout, nchw.size(), channels_last.size());
  const std::int64_t pixels = layout.height * layout.width;
  parallel_for(threads, layout.batch, [&](std::int64_t n, int) {
    const float* from = channels_last.data() + n * pixels * layout.pixel;
    float* to = nchw.data() + n * layout.channels * pixels;
    for (std::int64_t c = 0; c < layout.channels; ++c) {
      for (std::int64_t i = 0; i < pixels; ++i) {
        *to++ = from[i * layout.pixel + c];
      }
    }
  });
}

}  // namespace cnn
// endregion
