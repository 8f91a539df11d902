#pragma once

#include <cstdint>
#include <span>

#include "chapters/02_im2col_strided_views/strided_view.hpp"

namespace cnn {

/// Left and right exchanged: height x width.
StridedView<const float> mirrored(std::span<const float> picture,
                                  std::int64_t height, std::int64_t width);

/// Turned clockwise by a quarter: width x height.
StridedView<const float> quarter_turn(std::span<const float> picture,
                                      std::int64_t height, std::int64_t width);

/// Every second pixel of every second row, beginning with the first; odd sides
/// round up.
StridedView<const float> half_size(std::span<const float> picture,
                                   std::int64_t height, std::int64_t width);

}  // namespace cnn
