// region partial-sums-declaration
#pragma once

#include <array>
#include <span>

namespace cnn {

/// How many partial sums the variants below keep.
inline constexpr std::array<int, 5> kPartialSums{1, 2, 4, 8, 16};

/// sum of a[i] * b[i], kept as `sums` partial sums that are added up at the
/// end: term i goes to sum i mod `sums`.
/// @param sums one of kPartialSums; throws std::invalid_argument otherwise
/// @param a, b of one length, a multiple of `sums`
float dot_product(std::span<const float> a, std::span<const float> b, int sums);

/// The same function compiled once more, with the compiler's vectoriser off.
float dot_product_without_simd(std::span<const float> a,
                               std::span<const float> b, int sums);

}  // namespace cnn
// endregion
