// region quiet: includes
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chapters/03_blocked_gemm/direct_canvas.hpp"
#include "chapters/03_blocked_gemm/direct_sweep.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region winner-sweep
/// The plan of the two gradients under a pool, for whole images. Of each window
/// of the pool only one output took part, so only its window of the input is
/// visited: a fourth of the work, or less.
struct WinnerSweep {
  WinnerSweep() = default;
  /// @param forward the sweep whose output was pooled
  /// @param pixel floats of the output's pixels
  WinnerSweep(const Sweep& forward, const DirectKernels& kernels,
              std::int64_t pool, std::int64_t pixel);

  /// False where it would not pay or not work: without a pool, with input
  /// pixels that are not whole vectors, with images too large for a cache. The
  /// other members are empty then.
  bool pays = false;
  std::int64_t output_pixel = 0;
  std::int64_t positions = 0;          ///< in a window of the pool
  std::int64_t window_floats = 0;      ///< kernel_height x kernel_width x pixel
  std::vector<int> blocks;             ///< vectors of a window taken at once
  std::vector<std::int64_t> image;     ///< where each vector lies on the canvas
  std::vector<std::int64_t> filter;    ///< and in a filter: one after another
  std::vector<std::int64_t> corner;    ///< of each window of the pool
  std::vector<std::int64_t> position;  ///< from there to each possible winner

  std::int64_t pooled_pixels() const {
    return static_cast<std::int64_t>(corner.size());
  }
};
// endregion

// region winner-gradients
/// Adds what one image has to say about filters [first, last).
/// @param list room for pooled_pixels() winners
/// @param sums window_floats for each filter
void winners_to_filter(const WinnerSweep& sweep, const DirectKernels& kernels,
                       const float* canvas, const CanvasSource& gradient,
                       std::int64_t first, std::int64_t last, Winner* list,
                       float* sums);

/// Adds one image's gradient to a canvas.
/// @param filter `outputs` filters of window_floats, channels last
/// @param list room for (positions + 1) * output_pixel winners
void winners_to_input(const WinnerSweep& sweep, const DirectKernels& kernels,
                      const CanvasSource& gradient, const float* filter,
                      std::int64_t outputs, Winner* list, float* canvas);
// endregion

// region winner-filters
/// Filters OIHW to window_floats each, channels last.
void pack_windows(const WinnerSweep& sweep, std::int64_t pixel,
                  const Shape& shape, std::span<const float> filter,
                  int threads, float* packed);

/// And the partial sums of `chunks` parts of a batch back to OIHW. The first
/// chunk is where they are added up.
void unpack_windows(const WinnerSweep& sweep, std::int64_t pixel,
                    const Shape& shape, float* sums, std::int64_t chunks,
                    int threads, std::span<float> gradient);

}  // namespace cnn
// endregion
