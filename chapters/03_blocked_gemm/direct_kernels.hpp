// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/03_blocked_gemm/isa.hpp"

namespace cnn {
// endregion

// region direct-tile
/// A block of sums that stays in registers while it grows:
///
///   c[i][j] = start[i][j] + sum over k of a[row[i] + column[k]] * b[k][j].
///
/// The left matrix is an image and two lists of offsets. With pixels as rows
/// and taps as columns it is chapter 2's column matrix; with the lists
/// exchanged, that matrix transposed. Neither exists in memory.
struct DirectTile {
  const float* a = nullptr;
  const std::int64_t* row = nullptr;
  const std::int64_t* column = nullptr;
  std::int64_t terms = 0;  ///< how many columns
  const float* b = nullptr;
  std::int64_t b_step = 0;  ///< floats from b[k] to b[k + 1]
  const float* start = nullptr;
  std::int64_t start_step = 0;  ///< from row to row; 0: all start alike
  float* c = nullptr;
  std::int64_t c_step = 0;
  float lowest = 0;  ///< smaller sums become this: 0 is ReLU
};
/// Computes one.
using TileKernel = void (*)(const DirectTile& tile);
// endregion

// region winner-tile
/// Someone who won a pooling window: where its numbers begin, and its gradient.
struct Winner {
  std::int64_t offset = 0;
  float gradient = 0;
};

/// The block of sums for those few who won:
///
///   c[c_offset[j]] += sum over w of gradient[w] * a[offset[w] + a_offset[j]],
///
/// where every j is a whole vector.
struct WinnerTile {
  const Winner* winners = nullptr;
  std::int64_t count = 0;
  const float* a = nullptr;
  const std::int64_t* a_offset = nullptr;
  float* c = nullptr;
  const std::int64_t* c_offset = nullptr;
};
/// Computes one.
using WinnerKernel = void (*)(const WinnerTile& tile);
// endregion

// region pool-row
/// One row of pooling windows. Pixels of `channels` floats, at `from_step`
/// floats from one another, become pixels of `channels` floats without a gap.
struct PoolRow {
  const float* from = nullptr;
  std::int64_t from_row = 0;   ///< floats from one row to the next
  std::int64_t from_step = 0;  ///< and from one pixel
  std::int64_t channels = 0;   ///< gaps included
  std::int64_t width = 0;      ///< windows in the row
  std::int64_t pool = 1;       ///< rows and columns of a window
  bool relu = false;
  float* to = nullptr;
  std::uint8_t* winners = nullptr;  ///< may be null
};
/// Computes one.
using PoolKernel = void (*)(const PoolRow& row);
// endregion

// region unpool-row
/// The way back, for row `y` inside the windows: each number goes to the pixel
/// that won, all others become 0.
struct UnpoolRow {
  const float* from = nullptr;
  const std::uint8_t* winners = nullptr;
  std::int64_t channels = 0;
  std::int64_t width = 0;
  std::int64_t pool = 1;
  std::int64_t y = 0;
  float* to = nullptr;
  std::int64_t to_step = 0;
};
/// Computes one.
using UnpoolKernel = void (*)(const UnpoolRow& row);
// endregion

// region first-layer
/// A convolution of pictures with one channel, under ReLU and a maximum over
/// 2 x 2: one channel has too few taps to be worth a detour through memory.
struct FirstLayer {
  const float* image = nullptr;  ///< canvas below the first window of the pool
  std::int64_t pitch = 0;        ///< floats from one row of it to the next
  std::int64_t channels = 0;     ///< of the output, gaps included
  std::int64_t height = 0;       ///< windows of the pool
  std::int64_t width = 0;
};

/// What the kernel below is given.
struct FirstLayerForward {
  FirstLayer layer;
  const float* filter = nullptr;  ///< taps x channels
  const float* bias = nullptr;
  bool relu = false;
  float* to = nullptr;
  std::uint8_t* winners = nullptr;  ///< may be null
};
/// Computes the pooled output.
using FirstLayerForwardKernel = void (*)(const FirstLayerForward& work);

/// What the kernel below is given.
struct FirstLayerBackward {
  FirstLayer layer;
  const float* gradient = nullptr;
  const std::uint8_t* winners = nullptr;
  float* sums = nullptr;       ///< taps x channels
  float* bias_sums = nullptr;  ///< may be null
};
/// Adds the gradient of filter and bias.
using FirstLayerBackwardKernel = void (*)(const FirstLayerBackward& work);
// endregion

// region direct-kernels
/// The largest kernel that has code of its own in the first layer.
inline constexpr int kMostFirstSize = 5;
/// The tallest and widest tile of any instruction set.
inline constexpr int kMostRows = 14;
inline constexpr int kMostVectors = 4;
/// The most vectors that a WinnerTile has.
inline constexpr int kMostWinnerVectors = 18;

/// What is compiled once for each instruction set.
struct DirectKernels {
  int lanes = 0;                     ///< floats in a vector
  int most_rows[kMostVectors] = {};  ///< that fit beside so many vectors
  /// tile[vectors - 1][rows - 1]
  TileKernel tile[kMostVectors][kMostRows] = {};
  int most_winner_vectors = 0;
  /// winner[vectors - 1]
  WinnerKernel winner[kMostWinnerVectors] = {};
  PoolKernel pool = nullptr;
  UnpoolKernel unpool = nullptr;
  /// The bias under a pool: row.to[c] += sum of the gradients of those who won.
  UnpoolKernel add_won = nullptr;
  /// to[j] += sum of from[i * width + j] over i < rows; `width` in
  /// whole vectors.
  void (*add_rows)(const float* from, std::int64_t rows, std::int64_t width,
                   float* to) = nullptr;
  /// [size of the kernel - 1]; null where its taps do not fit in registers.
  FirstLayerForwardKernel first_forward[kMostFirstSize] = {};
  FirstLayerBackwardKernel first_backward[kMostFirstSize] = {};
};

/// Those of this instruction set.
const DirectKernels& direct_kernels(Isa isa);
// endregion

// region direct-kernel-sets
namespace portable {
const DirectKernels& direct_kernels();
}
namespace avx2 {
const DirectKernels& direct_kernels();
}
namespace avx512 {
const DirectKernels& direct_kernels();
}

}  // namespace cnn
// endregion
