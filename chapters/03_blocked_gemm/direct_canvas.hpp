// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/03_blocked_gemm/direct_kernels.hpp"

namespace cnn {
// endregion

// region canvas-source
/// One image, channels last; or the gradient of one that was pooled, of which
/// only the winners are known.
struct CanvasSource {
  const float* values = nullptr;
  const std::uint8_t* winners = nullptr;  ///< null: `values` is the image
};
// endregion

// region canvas
/// Room for some rows of an image with zeros around it, between its pixels
/// (when a strided convolution goes backward) or behind its channels.
struct Canvas {
  std::int64_t source_height = 0;  ///< after unpooling
  std::int64_t source_width = 0;
  std::int64_t source_pixel = 0;  ///< floats
  std::int64_t pool = 1;

  std::int64_t top = 0;     ///< the image's first row on the canvas; may be < 0
  std::int64_t left = 0;    ///< its first column, likewise
  std::int64_t spread = 1;  ///< from one pixel of the image to the next
  std::int64_t height = 0;  ///< that the convolution reads
  std::int64_t width = 0;
  std::int64_t pixel = 0;  ///< floats
  bool winners = false;    ///< the source is a gradient with winners

  /// Columns that lie in memory in front of the first one that is read: pixels
  /// of the image that no window sees, when `left` is below 0.
  std::int64_t hidden() const { return left < 0 ? -left : 0; }
  /// Floats from one row to the next.
  std::int64_t pitch() const;
  /// True when the image itself will do, and nothing needs to be copied.
  bool is_source() const;
};

/// Paints rows [first, first + rows) to `to`, pitch() floats each.
void paint(const Canvas& canvas, const DirectKernels& kernels,
           const CanvasSource& source, std::int64_t first, std::int64_t rows,
           float* to);

}  // namespace cnn
// endregion
