// region quiet: includes
#pragma once

#include <cstdint>
#include <span>

#include "chapters/03_blocked_gemm/channels_last.hpp"

namespace cnn {
// endregion

// region passes-declarations
/// What a network does after a convolution when each layer is a pass of its
/// own over memory. Only to measure against, and to check with.

/// Negative numbers become 0.
void relu_pass(std::span<float> values);

/// The maximum of each pool x pool window, and its place in it, row * pool +
/// column; of equals, the first. A maximum that is not above 0 has `nobody`
/// for a place.
/// @param from  an array of this layout
/// @param to    the pooled array: heights and widths divided by pool
void max_pool_pass(const ChannelsLast& layout, std::int64_t pool,
                   std::span<const float> from, std::span<float> to,
                   std::span<std::uint8_t> winners, std::uint8_t nobody);

/// The way back: each number goes to its window's winner, all others are 0.
/// @param layout of `to`, as above
void spread_pass(const ChannelsLast& layout, std::int64_t pool,
                 std::span<const float> from,
                 std::span<const std::uint8_t> winners, std::span<float> to);

/// The layout after pooling.
ChannelsLast pooled(const ChannelsLast& layout, std::int64_t pool);

}  // namespace cnn
// endregion
