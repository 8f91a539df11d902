// region quiet: includes
#pragma once

#include <cstdint>
#include <vector>

#include "chapters/03_blocked_gemm/direct_convolution.hpp"
#include "chapters/03_blocked_gemm/direct_filter.hpp"
#include "chapters/03_blocked_gemm/direct_sweep.hpp"
#include "chapters/03_blocked_gemm/direct_winners.hpp"

namespace cnn {
// endregion

// region bands
/// Rows of an image's output that are one task.
struct Bands {
  std::int64_t count = 1;  ///< in each image
  std::int64_t rows = 1;   ///< in each but perhaps the last
};

/// Whole images where there are enough of them for all threads and they are
/// small enough for a core's own cache; otherwise multiples of `step` rows.
Bands choose_bands(const Sweep& sweep, std::int64_t step, std::int64_t batch,
                   int threads);
// endregion

// region workspace
/// What one thread works in.
struct Workspace {
  Tensor canvas;    ///< image or gradient with its surroundings
  Tensor gradient;  ///< what the filter gradient reads as B
  Tensor rows;      ///< output that is still to be pooled, or squeezed
  std::vector<Winner> winners;
};
// endregion

// region plan
/// All that can be decided before the first number is seen, and all memory.
struct DirectConvolution::Plan {
  ConvolutionGeometry geometry;
  DirectOptions options;
  const DirectKernels& kernels;
  ChannelsLast input;
  ChannelsLast output;
  bool winners = false;

  // --- forward
  Sweep forward;
  bool buffered = false;   ///< output goes through `rows` before memory
  std::int64_t strip = 1;  ///< rows computed at once
  Bands bands;

  /// One input channel under a 2 x 2 pool: kernels of its own, for `forward`
  /// and the gradient of the filter.
  bool first_layer = false;
  /// The image `canvas` as those kernels want it.
  FirstLayer first(const CanvasRows& canvas, std::int64_t rows) const;

  // --- the gradient of the input
  Sweep backward;
  bool backward_buffered = false;
  Bands backward_bands;

  // --- both gradients under a pool, where it pays
  WinnerSweep winner_sweep;

  // --- the gradient of the filter
  Sweep columns;            ///< as `forward`, but never bare
  Canvas gradient;          ///< wide pixels, as `forward` would write them
  std::int64_t chunks = 1;  ///< parts of the batch, each with its own sums
  std::int64_t slabs = 1;   ///< parts of the taps, or of the output channels
  std::int64_t chunk_floats = 0;
  Tensor bias_sums;  ///< chunks x floats

  /// Filters, packed; or, since nobody needs both at once, the sums of the
  /// filter gradient: chunks x taps x floats, or the other way round.
  Tensor filter;
  Tensor bias;
  Tensor pixels;  ///< a pixel for each thread, for unpack_filter()
  std::vector<Workspace> workspaces;

  Plan(const ConvolutionGeometry& sizes, const DirectOptions& wishes);
  void plan_forward();
  void plan_first_layer();
  /// Floats of the padded image that winners_to_input() adds to; 0 when that is
  /// the input gradient itself.
  std::int64_t scattered_floats() const;
  void plan_backward_input();
  void plan_backward_filter();
  void allocate();
};

}  // namespace cnn
// endregion
