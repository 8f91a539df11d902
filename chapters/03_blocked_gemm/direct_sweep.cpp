// region quiet: includes
#include "chapters/03_blocked_gemm/direct_sweep.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "chapters/03_blocked_gemm/shares.hpp"

namespace cnn {
// endregion

// region choose-groups
namespace {

/// How many vectors wide tiles should be: what costs least, counting for each
/// step of a tile the multiplications (two a cycle), the loads (likewise), and
/// the four cycles that a sum waits for itself.
std::vector<int> choose_groups(std::int64_t vectors, std::int64_t pixels,
                               const DirectKernels& kernels) {
  std::vector<int> best;
  double best_cost = std::numeric_limits<double>::infinity();
  for (int most = 1; most <= kMostVectors; ++most) {
    const std::int64_t parts = divide_up(vectors, most);
    std::vector<int> groups;
    double cost = 0;
    for (std::int64_t part = 0; part < parts; ++part) {
      const auto wide = static_cast<int>(share(vectors, parts, part + 1) -
                                         share(vectors, parts, part));
      const std::int64_t tiles = divide_up(pixels, kernels.most_rows[wide - 1]);
      const double rows = static_cast<double>(pixels) / double(tiles);
      cost +=
          double(tiles) * std::max({rows * wide / 2, (rows + wide) / 2, 4.0});
      groups.push_back(wide);
    }
    if (cost < best_cost) {
      best_cost = cost;
      best = groups;
    }
  }
  return best;
}
// endregion

// region pays-to-be-bare
/// A bare sweep's tiles end with the rows of the image, and each column of the
/// filter takes the sums from memory and back.
bool pays_to_be_bare(const SweepWindow& window, const Canvas& canvas) {
  constexpr std::int64_t kEnoughPixels = 8;
  constexpr std::int64_t kEnoughTerms = 24;
  return canvas.top >= 0 && canvas.left >= 0 && canvas.top + canvas.left > 0 &&
         canvas.spread == 1 && window.output_width >= kEnoughPixels &&
         window.kernel_height * window.channels >= kEnoughTerms;
}

}  // namespace
// endregion

// region plan-sweep
Sweep::Sweep(const SweepWindow& sizes, const Canvas& image,
             const DirectKernels& kernels, bool may_be_bare)
    : window(sizes), canvas(image) {
  const std::int64_t lanes = kernels.lanes;
  const std::int64_t pixel = window.output_pixel;
  if (pixel < lanes && lanes % pixel == 0) merged = lanes / pixel;
  floats = divide_up(merged * pixel, lanes) * lanes;
  lane_pixel = floats / merged;
  wide_width = divide_up(window.output_width, merged);
  wide_kernel = window.kernel_width + (merged - 1) * window.stride;
  canvas.height = canvas_rows(window.output_height);
  canvas.width = (wide_width - 1) * merged * window.stride + wide_kernel;
  bare = may_be_bare && merged == 1 && pays_to_be_bare(window, canvas);
  if (bare) {
    top = std::exchange(canvas.top, 0);
    left = std::exchange(canvas.left, 0);
    canvas.height = canvas.source_height;
    canvas.width = canvas.source_width;
  }

  constexpr std::int64_t kEnoughPixels = 256;
  strip = std::clamp<std::int64_t>(kEnoughPixels / wide_width, 1,
                                   window.output_height);
  groups =
      choose_groups(floats / lanes, (bare ? 1 : strip) * wide_width, kernels);

  const std::int64_t pitch = canvas.pitch();
  for (std::int64_t y = 0; y < strip; ++y) {
    for (std::int64_t x = 0; x < wide_width; ++x) {
      pixels.push_back(y * window.stride * pitch +
                       (canvas.hidden() + x * merged * window.stride) *
                           canvas.pixel);
    }
  }
  const std::int64_t count =
      window.kernel_height * wide_kernel * window.channels;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto [ky, kx, channel] = tap(i);
    taps.push_back(ky * pitch + kx * canvas.pixel + channel);
  }
}

Sweep::Tap Sweep::tap(std::int64_t index) const {
  const std::int64_t channel = index % window.channels;
  const std::int64_t pixel = index / window.channels;
  if (bare) {
    return {pixel % window.kernel_height, pixel / window.kernel_height,
            channel};
  }
  return {pixel / wide_kernel, pixel % wide_kernel, channel};
}
// endregion

// region sweep-sizes
std::int64_t Sweep::canvas_floats(std::int64_t rows) const {
  return canvas.is_source() ? 0 : canvas_rows(rows) * canvas.pitch();
}

bool Sweep::writes_output() const {
  return lane_pixel == window.output_pixel && window.output_width % merged == 0;
}
// endregion

// region sweep-forward
void sweep_forward(const Sweep& sweep, const DirectKernels& kernels,
                   const CanvasRows& canvas, const float* filter,
                   const float* bias, float lowest, std::int64_t first_row,
                   std::int64_t rows, float* to) {
  if (sweep.bare) {
    sweep_bare(sweep, kernels, canvas, filter, bias, lowest, first_row, rows,
               to);
    return;
  }
  const std::int64_t pixels = rows * sweep.wide_width;
  const std::int64_t skip = first_row * sweep.window.stride - canvas.first;
  DirectTile tile{.a = canvas.values + skip * sweep.canvas.pitch(),
                  .column = sweep.taps.data(),
                  .terms = sweep.tap_count(),
                  .b = filter,
                  .start = bias,
                  .c_step = sweep.floats,
                  .lowest = lowest};
  for (const int vectors : sweep.groups) {
    const std::int64_t tiles =
        divide_up(pixels, kernels.most_rows[vectors - 1]);
    tile.b_step = vectors * kernels.lanes;
    for (std::int64_t t = 0; t < tiles; ++t) {
      const std::int64_t first = share(pixels, tiles, t);
      const std::int64_t count = share(pixels, tiles, t + 1) - first;
      tile.row = sweep.pixels.data() + first;
      tile.c = to + first * sweep.floats;
      kernels.tile[vectors - 1][count - 1](tile);
    }
    tile.b += tile.terms * tile.b_step;
    tile.start += tile.b_step;
    to += tile.b_step;
  }
}
// endregion

// region sweep-filter
void sweep_filter(const Sweep& sweep, const DirectKernels& kernels,
                  const float* canvas, const float* gradient, std::int64_t rows,
                  std::int64_t first_tap, std::int64_t last_tap, float* sums) {
  const std::int64_t taps = last_tap - first_tap;
  DirectTile tile{.a = canvas,
                  .column = sweep.pixels.data(),
                  .terms = rows * sweep.wide_width,
                  .b = gradient,
                  .b_step = sweep.floats,
                  .start_step = sweep.floats,
                  .c_step = sweep.floats,
                  .lowest = kNoLimit};
  for (const int vectors : sweep.groups) {
    const std::int64_t tiles = divide_up(taps, kernels.most_rows[vectors - 1]);
    for (std::int64_t t = 0; t < tiles; ++t) {
      const std::int64_t first = first_tap + share(taps, tiles, t);
      const std::int64_t count = first_tap + share(taps, tiles, t + 1) - first;
      tile.row = sweep.taps.data() + first;
      tile.c = sums + first * sweep.floats;
      tile.start = tile.c;
      kernels.tile[vectors - 1][count - 1](tile);
    }
    tile.b += vectors * kernels.lanes;
    sums += vectors * kernels.lanes;
  }
}

}  // namespace cnn
// endregion
