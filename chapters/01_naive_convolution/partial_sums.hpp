// region quiet: includes
#pragma once

#include <array>
#include <span>

namespace cnn {
// endregion

// region partial-sums-declaration
/// How many partial sums the variants below keep.
inline constexpr std::array<int, 5> kPartialSums{1, 2, 4, 8, 16};

/// sum of a[i] * b[i], kept as `sums` partial sums that are added up at the
/// end: term i goes to sum i mod `sums`.
/// @param sums one of kPartialSums; throws std::invalid_argument otherwise
/// @param a, b of one length, a multiple of `sums`
float dot_product(std::span<const float> a, std::span<const float> b, int sums);
// endregion

// region quiet: end of namespace
}  // namespace cnn
// endregion
