// region quiet: includes
#pragma once

#include <cstdint>
#include <span>

namespace cnn {
// endregion

// region channel-sums
/// sums[c] = values[c] + values[pixel + c] + ... over `rows` rows: the gradient
/// of a bias. Added in float64, piece after piece in a fixed order, and rounded
/// once.
/// @param partial room for Pieces::kMost * channels numbers
void channel_sums(std::int64_t rows, std::int64_t pixel, std::int64_t channels,
                  const float* values, std::span<double> partial, float* sums,
                  int threads);

/// Adds `count` rows of `width` numbers to the first of them, in order.
void add_pieces(std::int64_t count, std::int64_t width, double* partial);

}  // namespace cnn
// endregion
