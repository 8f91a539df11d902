// region quiet: includes
#include <algorithm>
#include <span>

#include "chapters/03_blocked_gemm/direct_sweep.hpp"
#include "chapters/03_blocked_gemm/shares.hpp"

namespace cnn {
// endregion

// region bare-column
namespace {

/// Steps [first, last) at which position `step * stride + begin` lies inside
/// [0, size), out of `steps`.
struct Steps {
  std::int64_t first, last;
};

Steps steps_inside(std::int64_t begin, std::int64_t stride, std::int64_t size,
                   std::int64_t steps) {
  const std::int64_t first = begin < 0 ? divide_up(-begin, stride) : 0;
  const std::int64_t last = begin < size ? divide_up(size - begin, stride) : 0;
  return {first, std::min(last, steps)};
}

/// One column `kx` of the filters, and one row `y` of the output: adds what
/// lies on the image. `tile` knows the vectors; its `b` and `c` are where they
/// begin in the filters and in the row.
void add_column(const Sweep& sweep, const DirectKernels& kernels,
                const CanvasRows& canvas, std::int64_t kx, std::int64_t y,
                int vectors, DirectTile tile) {
  const SweepWindow& window = sweep.window;
  const std::int64_t row = y * window.stride - sweep.top;
  const std::int64_t column = kx - sweep.left;
  const Steps ky =
      steps_inside(row, 1, sweep.canvas.height, window.kernel_height);
  const Steps x = steps_inside(column, window.stride, sweep.canvas.width,
                               window.output_width);
  if (ky.first >= ky.last || x.first >= x.last) return;
  tile.terms = (ky.last - ky.first) * window.channels;
  tile.b +=
      (kx * window.kernel_height + ky.first) * window.channels * tile.b_step;
  const std::int64_t above =
      (row + ky.first - canvas.first) * sweep.canvas.pitch();
  float* to = tile.c;
  const std::int64_t pixels = x.last - x.first;
  const std::int64_t tiles = divide_up(pixels, kernels.most_rows[vectors - 1]);
  for (std::int64_t t = 0; t < tiles; ++t) {
    const std::int64_t first = x.first + share(pixels, tiles, t);
    const std::int64_t count = x.first + share(pixels, tiles, t + 1) - first;
    tile.a = canvas.values + above +
             (first * window.stride + column) * sweep.canvas.pixel;
    tile.c = to + first * tile.c_step;
    tile.start = tile.c;
    kernels.tile[vectors - 1][count - 1](tile);
  }
}

}  // namespace
// endregion

// region sweep-bare
// A column of the filters stays in the nearest cache for all rows.
void sweep_bare(const Sweep& sweep, const DirectKernels& kernels,
                const CanvasRows& canvas, const float* filter,
                const float* bias, float lowest, std::int64_t first,
                std::int64_t rows, float* to) {
  const std::int64_t row = sweep.wide_width * sweep.floats;
  for (std::int64_t x = 0; x < rows * sweep.wide_width; ++x) {
    std::copy_n(bias, sweep.floats, to + x * sweep.floats);
  }
  DirectTile tile{.row = sweep.pixels.data(),
                  .column = sweep.taps.data(),
                  .b = filter,
                  .start_step = sweep.floats,
                  .c_step = sweep.floats,
                  .lowest = kNoLimit};
  float* group = to;
  for (const int vectors : sweep.groups) {
    tile.b_step = vectors * kernels.lanes;
    for (std::int64_t kx = 0; kx < sweep.window.kernel_width; ++kx) {
      for (std::int64_t y = 0; y < rows; ++y) {
        tile.c = group + y * row;
        add_column(sweep, kernels, canvas, kx, first + y, vectors, tile);
      }
    }
    tile.b += sweep.tap_count() * tile.b_step;
    group += tile.b_step;
  }
  if (lowest == kNoLimit) return;
  for (float& value : std::span(to, static_cast<std::size_t>(rows * row))) {
    value = value < lowest ? lowest : value;
  }
}

}  // namespace cnn
// endregion
