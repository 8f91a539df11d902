// region quiet: includes
#include "chapters/03_blocked_gemm/direct_canvas.hpp"

#include <algorithm>

namespace cnn {
// endregion

// region canvas-size
std::int64_t Canvas::pitch() const {
  const std::int64_t image =
      std::max<std::int64_t>(left, 0) + (source_width - 1) * spread + 1;
  return std::max(hidden() + width, image) * pixel;
}

bool Canvas::is_source() const {
  return top == 0 && left == 0 && spread == 1 && !winners &&
         pixel == source_pixel && height <= source_height &&
         width <= source_width;
}
// endregion

// region paint-row
namespace {

/// Row `y` of the image, to where its first pixel belongs.
void paint_row(const Canvas& canvas, const DirectKernels& kernels,
               const CanvasSource& source, std::int64_t y, float* to) {
  const std::int64_t pixel = canvas.source_pixel;
  const std::int64_t step = canvas.spread * canvas.pixel;
  if (canvas.winners) {
    const std::int64_t width = canvas.source_width / canvas.pool;
    const std::int64_t from = y / canvas.pool * width * pixel;
    kernels.unpool({source.values + from, source.winners + from, pixel, width,
                    canvas.pool, y % canvas.pool, to, step});
    return;
  }
  const float* from = source.values + y * canvas.source_width * pixel;
  if (step == pixel) {
    std::copy_n(from, canvas.source_width * pixel, to);
    return;
  }
  for (std::int64_t x = 0; x < canvas.source_width; ++x) {
    std::copy_n(from + x * pixel, pixel, to + x * step);
  }
}

}  // namespace
// endregion

// region paint
void paint(const Canvas& canvas, const DirectKernels& kernels,
           const CanvasSource& source, std::int64_t first, std::int64_t rows,
           float* to) {
  const std::int64_t pitch = canvas.pitch();
  const std::int64_t left = std::max<std::int64_t>(canvas.left, 0);
  // What a row of the image covers without a gap; the rest is zero.
  const bool gaps = canvas.spread > 1 || canvas.pixel != canvas.source_pixel;
  const std::int64_t begin = left * canvas.pixel;
  const std::int64_t end =
      gaps ? begin : begin + canvas.source_width * canvas.pixel;
  for (std::int64_t row = first; row < first + rows; ++row, to += pitch) {
    const std::int64_t y = row - canvas.top;
    const bool inside = y >= 0 && y % canvas.spread == 0 &&
                        y / canvas.spread < canvas.source_height;
    if (!inside) {
      std::fill_n(to, pitch, 0.0F);
      continue;
    }
    std::fill_n(to, begin, 0.0F);
    std::fill(to + end, to + pitch, 0.0F);
    paint_row(canvas, kernels, source, y / canvas.spread, to + begin);
  }
}

}  // namespace cnn
// endregion
