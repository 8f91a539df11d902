// region quiet: includes
#pragma once

#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tile-shape
/// A block's tile of c is kRows x kColumns; it is shared out among warps, and a
/// warp's tile among its lanes, of which kLaneRows lie below one another.
/// kTerms terms are in shared memory at once, of each of kStages tiles.
/// kBlocks blocks share a multiprocessor: so many registers may a thread have.
template <int kRows_, int kColumns_, int kTerms_, int kWarpRows_,
          int kWarpColumns_, int kLaneRows_, int kStages_, int kBlocks_>
struct TileShape {
  static constexpr int kRows = kRows_;
  static constexpr int kColumns = kColumns_;
  static constexpr int kTerms = kTerms_;
  static constexpr int kWarpRows = kWarpRows_;
  static constexpr int kWarpColumns = kWarpColumns_;
  static constexpr int kLaneRows = kLaneRows_;
  static constexpr int kLaneColumns = 32 / kLaneRows;
  static constexpr int kStages = kStages_;
  static constexpr int kBlocks = kBlocks_;

  static constexpr int kThreads =
      kRows / kWarpRows * (kColumns / kWarpColumns) * 32;
  static constexpr int kThreadRows = kWarpRows / kLaneRows;
  static constexpr int kThreadColumns = kWarpColumns / kLaneColumns;
  static_assert(kLaneRows == 4 || kLaneRows == 8);
  static_assert(kThreadRows % 4 == 0 && kThreadColumns % 4 == 0);
};
// endregion

// region lane-place
/// Where in its warp's tile a lane works. Of two lanes with neighbouring
/// numbers, or with numbers two apart, one gets the same rows or columns as the
/// other; that is when shared memory serves half a warp at once with fours.
template <class Shape>
struct LanePlace {
  int row;
  int column;

  __device__ LanePlace() {
    const int lane = static_cast<int>(threadIdx.x) % 32;
    const int warp = static_cast<int>(threadIdx.x) / 32;
    constexpr int kAcross = Shape::kColumns / Shape::kWarpColumns;
    const int of_four = lane / 16 * 2 + lane % 2;
    const int of_eight = lane / 2 % 8;
    const bool tall = Shape::kLaneRows == 8;
    row = warp / kAcross * Shape::kWarpRows + 4 * (tall ? of_eight : of_four);
    column =
        warp % kAcross * Shape::kWarpColumns + 4 * (tall ? of_four : of_eight);
  }
};
// endregion

// region warp-sums
/// A thread's part of the tile of c: groups of 4 rows, as far apart as the
/// lanes of a warp are high, times groups of 4 columns.
template <class Shape>
class WarpSums {
 public:
  static constexpr int kRows = Shape::kThreadRows;
  static constexpr int kColumns = Shape::kThreadColumns;

  /// Reads what term number `term` of the tiles has for this thread into one of
  /// two sets of registers.
  template <int kPitchA, int kPitchB>
  __device__ void read(const float* tile_a, const float* tile_b, int term) {
    const int set = term % 2;
#pragma unroll
    for (int j = 0; j < kColumns; j += 4) {
      read4(tile_b + term * kPitchB + place_.column + j * Shape::kLaneColumns,
            &of_b_[set][j]);
    }
#pragma unroll
    for (int i = 0; i < kRows; i += 4) {
      read4(tile_a + term * kPitchA + place_.row + i * Shape::kLaneRows,
            &of_a_[set][i]);
    }
  }

  /// Adds the products of what was read for this term: down one column, up the
  /// next one. Each product then shares a factor with the one before it, which
  /// saves a read from the registers: they can give two numbers in a cycle that
  /// lie in different banks, and a multiply-add wants three.
  __device__ void add(int term) {
    const int set = term % 2;
#pragma unroll
    for (int j = 0; j < kColumns; ++j)
#pragma unroll
      for (int step = 0; step < kRows; ++step) {
        const int i = j % 2 == 0 ? step : kRows - 1 - step;
        sums_[i][j] += of_a_[set][i] * of_b_[set][j];
      }
  }

  /// Row of the block's tile in which this thread's row i lies.
  __device__ int row(int i) const {
    return place_.row + i / 4 * 4 * Shape::kLaneRows + i % 4;
  }
  /// Column of the block's tile in which this thread's column j lies.
  __device__ int column(int j) const {
    return place_.column + j / 4 * 4 * Shape::kLaneColumns + j % 4;
  }
  /// A sum, by this thread's own row and column.
  __device__ float& at(int i, int j) {
    return sums_[i][j];
  }

 private:
  LanePlace<Shape> place_;
  float sums_[kRows][kColumns] = {};
  float of_a_[2][kRows];
  float of_b_[2][kColumns];
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
