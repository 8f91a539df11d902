#pragma once

#include <cstdint>
#include <span>

#include "chapters/02_im2col_strided_views/strided_view.hpp"

namespace cnn {

/// The kernel adds up four terms at a time, so a panel has a multiple of four.
inline constexpr std::int64_t kUnrolled = 4;
constexpr std::int64_t padded_terms(std::int64_t terms) {
  return (terms + kUnrolled - 1) / kUnrolled * kUnrolled;
}

/// Packs one panel: `width` columns of `matrix` from `first` on, term after
/// term. Columns past the edge of the matrix and terms past its last one
/// become zeros.
/// @param matrix terms x columns
/// @param panel  padded_terms(terms) * width floats, with anything in them
void pack_panel(const StridedView<const float>& matrix, std::int64_t first,
                std::int64_t width, std::span<float> panel);

}  // namespace cnn
