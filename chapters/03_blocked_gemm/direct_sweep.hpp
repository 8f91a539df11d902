// region quiet: includes
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "chapters/03_blocked_gemm/direct_canvas.hpp"
#include "chapters/03_blocked_gemm/direct_kernels.hpp"

namespace cnn {
// endregion

// region sweep-window
/// A convolution of one image as the register tiles see it. The input gradient
/// is one, too: of the output gradient, with its filters turned round.
struct SweepWindow {
  std::int64_t channels = 0;  ///< of the image on the canvas
  std::int64_t kernel_height = 1;
  std::int64_t kernel_width = 1;
  std::int64_t stride = 1;
  std::int64_t output_height = 0;
  std::int64_t output_width = 0;
  std::int64_t output_pixel = 0;  ///< floats
};
// endregion

// region sweep
/// The plan of a sweep over images: how pixels and channels are grouped into
/// vectors and tiles, and the two lists of offsets that the tiles read through.
///
/// Pixels that are shorter than a vector share one. Then `merged` neighbours
/// are computed as the channels of one wide pixel, by filters that are as much
/// wider: each neighbour's taps moved to where its window lies, zeros around.
///
/// A `bare` sweep needs no zeros around the image: each tap visits only those
/// pixels for which it meets the image, column of the filter by column.
struct Sweep {
  Sweep() = default;
  /// Sets `canvas.height` and `canvas.width` to what is read of it.
  /// @param may_be_bare where that saves work, `canvas` loses its border
  Sweep(const SweepWindow& sizes, const Canvas& image,
        const DirectKernels& kernels, bool may_be_bare = false);

  SweepWindow window;
  Canvas canvas;
  bool bare = false;
  std::int64_t top = 0;          ///< rows of zeros that a bare sweep leaves out
  std::int64_t left = 0;         ///< and columns
  std::int64_t merged = 1;       ///< output pixels in one vector
  std::int64_t lane_pixel = 0;   ///< floats that one of them takes there
  std::int64_t wide_width = 0;   ///< wide pixels in a row of the output
  std::int64_t wide_kernel = 0;  ///< columns of the filters, widened
  std::int64_t floats = 0;       ///< of a wide pixel, whole vectors
  std::vector<int> groups;       ///< how many vectors a tile takes at once
  std::int64_t strip = 0;        ///< rows of output that `pixels` covers
  std::vector<std::int64_t> pixels;  ///< where the windows begin
  std::vector<std::int64_t> taps;    ///< inside a window, as tap() tells

  /// What tap number `index` is: the order is ky, kx, channel, but kx, ky,
  /// channel in a bare sweep.
  struct Tap {
    std::int64_t ky, kx, channel;
  };
  /// `index` in [0, tap_count()).
  Tap tap(std::int64_t index) const;

  std::int64_t tap_count() const {
    return static_cast<std::int64_t>(taps.size());
  }
  /// Rows of canvas below so many rows of output.
  std::int64_t canvas_rows(std::int64_t rows) const {
    return (rows - 1) * window.stride + window.kernel_height;
  }
  /// Floats of canvas for so many rows of output; 0 when none is painted.
  std::int64_t canvas_floats(std::int64_t rows) const;
  /// True when rows of output, as tiles write them, are what memory holds.
  bool writes_output() const;
};
// endregion

// region sweep-forward
/// No ReLU: nothing is below this.
inline constexpr float kNoLimit = -std::numeric_limits<float>::infinity();

/// Some rows of a canvas, in memory.
struct CanvasRows {
  const float* values = nullptr;
  std::int64_t first = 0;  ///< the row that lies at `values`
};

/// Rows [first, first + rows) of the output, up to `strip` of them: wide pixels
/// one after another at `to`, `floats` each.
/// @param filter from pack_filter()
/// @param bias `floats` numbers
void sweep_forward(const Sweep& sweep, const DirectKernels& kernels,
                   const CanvasRows& canvas, const float* filter,
                   const float* bias, float lowest, std::int64_t first,
                   std::int64_t rows, float* to);
// endregion

// region bare-declaration
/// The same for a sweep that is bare: begins with the bias everywhere, and adds
/// one column of the filters after the other.
void sweep_bare(const Sweep& sweep, const DirectKernels& kernels,
                const CanvasRows& canvas, const float* filter,
                const float* bias, float lowest, std::int64_t first,
                std::int64_t rows, float* to);
// endregion

// region sweep-filter
/// Adds the gradient of taps [first_tap, last_tap) over `rows` rows of output.
/// @param gradient wide pixels one after another
/// @param sums tap_count() x floats
void sweep_filter(const Sweep& sweep, const DirectKernels& kernels,
                  const float* canvas, const float* gradient, std::int64_t rows,
                  std::int64_t first_tap, std::int64_t last_tap, float* sums);

}  // namespace cnn
// endregion
