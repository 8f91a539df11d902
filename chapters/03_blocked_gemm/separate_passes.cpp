// region quiet: includes
#include "chapters/03_blocked_gemm/separate_passes.hpp"

#include <algorithm>

namespace cnn {
// endregion

// region relu-pass
void relu_pass(std::span<float> values) {
  for (float& value : values) value = value < 0 ? 0.0F : value;
}
// endregion

// region pooled
ChannelsLast pooled(const ChannelsLast& layout, std::int64_t pool) {
  ChannelsLast smaller = layout;
  smaller.height /= pool;
  smaller.width /= pool;
  return smaller;
}

namespace {

/// Calls visit(window, place, pixel) for all windows and all places in them:
/// where the window's first channel lies in the pooled array, and where that
/// of its pixel does in the other.
template <class Visit>
void for_each_place(const ChannelsLast& layout, std::int64_t pool,
                    const Visit& visit) {
  const ChannelsLast to = pooled(layout, pool);
  for (std::int64_t n = 0; n < to.batch; ++n)
    for (std::int64_t y = 0; y < to.height; ++y)
      for (std::int64_t x = 0; x < to.width; ++x) {
        const std::int64_t window =
            ((n * to.height + y) * to.width + x) * to.pixel;
        for (std::int64_t place = 0; place < pool * pool; ++place) {
          const std::int64_t row = n * layout.height + y * pool + place / pool;
          const std::int64_t column = x * pool + place % pool;
          visit(static_cast<std::size_t>(window),
                static_cast<std::uint8_t>(place),
                static_cast<std::size_t>((row * layout.width + column) *
                                         layout.pixel));
        }
      }
}

}  // namespace
// endregion

// region max-pool-pass
void max_pool_pass(const ChannelsLast& layout, std::int64_t pool,
                   std::span<const float> from, std::span<float> to,
                   std::span<std::uint8_t> winners, std::uint8_t nobody) {
  const auto channels = static_cast<std::size_t>(layout.pixel);
  std::fill(to.begin(), to.end(), 0.0F);
  std::fill(winners.begin(), winners.end(), nobody);
  for_each_place(layout, pool, [&](auto window, auto place, auto pixel) {
    const float* values = &from[pixel];
    float* best = &to[window];
    std::uint8_t* winner = &winners[window];
    for (std::size_t c = 0; c < channels; ++c) {
      const bool wins = values[c] > best[c];
      best[c] = wins ? values[c] : best[c];
      winner[c] = wins ? place : winner[c];
    }
  });
}
// endregion

// region spread-pass
void spread_pass(const ChannelsLast& layout, std::int64_t pool,
                 std::span<const float> from,
                 std::span<const std::uint8_t> winners, std::span<float> to) {
  const auto channels = static_cast<std::size_t>(layout.pixel);
  std::fill(to.begin(), to.end(), 0.0F);
  for_each_place(layout, pool, [&](auto window, auto place, auto pixel) {
    for (std::size_t c = 0; c < channels; ++c)
      to[pixel + c] = winners[window + c] == place ? from[window + c] : 0.0F;
  });
}

}  // namespace cnn
// endregion
