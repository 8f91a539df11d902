// region quiet: includes
#include "chapters/03_blocked_gemm/direct_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace cnn {
// endregion

// region require-size
void require_size(const char* what, std::size_t found, std::int64_t expected) {
  if (found != static_cast<std::size_t>(expected)) {
    throw std::invalid_argument(
        fmt::format("direct convolution: found {} numbers of {}, expected {}",
                    found, what, expected));
  }
}

void require_size_or_none(const char* what, std::size_t found,
                          std::int64_t expected) {
  if (found != 0) require_size(what, found, expected);
}
// endregion

// region band-of
Band band_of(const Bands& bands, std::int64_t height, std::int64_t task) {
  const std::int64_t first = task % bands.count * bands.rows;
  return {task / bands.count, first, std::min(bands.rows, height - first)};
}
// endregion

// region canvas-under
CanvasRows canvas_under(const Sweep& sweep, const DirectKernels& kernels,
                        const CanvasSource& source, std::int64_t first,
                        std::int64_t rows, float* scratch) {
  const std::int64_t height = sweep.canvas.height;
  const std::int64_t top = std::clamp<std::int64_t>(
      first * sweep.window.stride - sweep.top, 0, height);
  if (sweep.canvas.is_source()) {
    return {source.values + top * sweep.canvas.pitch(), top};
  }
  paint(sweep.canvas, kernels, source, top,
        std::min(sweep.canvas_rows(rows), height - top), scratch);
  return {scratch, top};
}

}  // namespace cnn
// endregion
