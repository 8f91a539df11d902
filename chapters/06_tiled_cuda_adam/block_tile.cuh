// region quiet: includes
#pragma once

#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "common/cuda/async_copy.cuh"
#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region block-tile
/// How a block shares out its tile of a product: kWarpRows x kWarpColumns
/// warps; in a warp kLaneRows x (32 / kLaneRows) lanes; for each lane
/// kThreadRows x kThreadColumns sums, which lie in groups of four neighbours,
/// so that the lanes of a row read neighbouring groups.
template <int kOfThreadRows, int kOfThreadColumns, int kOfLaneRows,
          int kOfWarpRows, int kOfWarpColumns>
struct BlockTile {
  static constexpr int kThreadRows = kOfThreadRows;
  static constexpr int kThreadColumns = kOfThreadColumns;
  static constexpr int kLaneRows = kOfLaneRows;
  static constexpr int kLaneColumns = 32 / kLaneRows;
  static constexpr int kWarpColumns = kOfWarpColumns;
  static constexpr int kRowsOfWarp = kThreadRows * kLaneRows;
  static constexpr int kColumnsOfWarp = kThreadColumns * kLaneColumns;
  static constexpr int kRows = kRowsOfWarp * kOfWarpRows;
  static constexpr int kColumns = kColumnsOfWarp * kOfWarpColumns;
  static constexpr int kThreads = 32 * kOfWarpRows * kOfWarpColumns;
  static_assert(kThreadRows % 4 == 0 && kThreadColumns % 4 == 0);
  static_assert(kColumnsOfWarp % 32 == 0);
};
// endregion

// region sums
/// A thread's share of the tile, in registers from the first to the last step.
template <class Tile>
struct Sums {
  float of[Tile::kThreadRows][Tile::kThreadColumns] = {};
};
// endregion

// region thread-place
/// Where a thread's share begins in the tile. Of two lanes with neighbouring
/// numbers, or with numbers two apart, one gets the same rows or columns as the
/// other: so shared memory serves half a warp at once with groups of four.
template <class Tile>
struct ThreadPlace {
  static_assert(Tile::kLaneRows == 4);
  int warp = static_cast<int>(threadIdx.x) / 32;
  int lane = static_cast<int>(threadIdx.x) % 32;
  int lane_row = lane / 16 * 2 + lane % 2;
  int lane_column = lane / 2 % 8;
  int warp_row = warp / Tile::kWarpColumns * Tile::kRowsOfWarp;
  int warp_column = warp % Tile::kWarpColumns * Tile::kColumnsOfWarp;
  int row = warp_row + lane_row * 4;
  int column = warp_column + lane_column * 4;
};
// endregion

// region stage
/// One step's operands in shared memory: kDepth terms of every row, then of
/// every column. Four floats of padding: eight terms of four rows each, as
/// copied by a warp, then lie in 32 different banks.
template <class Tile, int kDepth>
struct Stage {
  static constexpr int kRowStep = Tile::kRows + 4;
  static constexpr int kColumnStep = Tile::kColumns + 4;
  static constexpr int kColumnsBegin = kDepth * kRowStep;
  static constexpr int kSize = kDepth * (kRowStep + kColumnStep);
};
// endregion

// region factors
/// What a thread needs of one term, twice: one set is read from shared memory
/// while the products of the other are added up.
template <class Tile, int kDepth>
class Factors {
 public:
  /// Reads a term of a step; even and odd ones into different sets.
  __device__ __forceinline__ void read(const float* stage, int term) {
    using S = Stage<Tile, kDepth>;
    const int set = term % 2;
    const float* rows = stage + term * S::kRowStep + place_.row;
    const float* columns =
        stage + S::kColumnsBegin + term * S::kColumnStep + place_.column;
#pragma unroll
    for (int i = 0; i < Tile::kThreadRows; i += 4) {
      read4(rows + i * Tile::kLaneRows, &of_rows_[set][i]);
    }
#pragma unroll
    for (int j = 0; j < Tile::kThreadColumns; j += 4) {
      read4(columns + j * Tile::kLaneColumns, &of_columns_[set][j]);
    }
  }

  /// Down one column, up the next: each product shares a factor with the one
  /// before it. A multiply-add wants three numbers, and the registers give two
  /// in a cycle; the shared one is still at hand.
  __device__ __forceinline__ void add(Sums<Tile>& sums, int term) const {
    const int set = term % 2;
#pragma unroll
    for (int j = 0; j < Tile::kThreadColumns; ++j) {
#pragma unroll
      for (int step = 0; step < Tile::kThreadRows; ++step) {
        const int i = j % 2 == 0 ? step : Tile::kThreadRows - 1 - step;
        sums.of[i][j] += of_rows_[set][i] * of_columns_[set][j];
      }
    }
  }

 private:
  ThreadPlace<Tile> place_;
  float of_rows_[2][Tile::kThreadRows];
  float of_columns_[2][Tile::kThreadColumns];
};
// endregion

// region multiply-tiles
/// All steps. `loader.load(stage, step)` starts the copies of one step; kStages
/// steps are in shared memory or on their way. The one barrier of a step comes
/// before its last term, when all have read that: the stage may be filled
/// again, and the first term of the next one be read.
template <class Tile, int kStages, class Loader>
__device__ __forceinline__ void multiply_tiles(Loader& loader, int steps,
                                               float* shared,
                                               Sums<Tile>& sums) {
  constexpr int kDepth = Loader::kDepth;
  constexpr int kSize = Stage<Tile, kDepth>::kSize;
  static_assert(kDepth % 2 == 0);  // the two sets take turns
#pragma unroll
  for (int step = 0; step < kStages; ++step) {
    if (step < steps) loader.load(shared + step * kSize, step);
    __pipeline_commit();
  }
  __pipeline_wait_prior(kStages - 1);
  __syncthreads();
  Factors<Tile, kDepth> factors;
  if (steps > 0) factors.read(shared, 0);
  float* stage = shared;
  for (int step = 0; step < steps; ++step) {
#pragma unroll
    for (int term = 0; term + 1 < kDepth; ++term) {
      factors.read(stage, term + 1);
      factors.add(sums, term);
    }
    __pipeline_wait_prior(kStages - 2);
    __syncthreads();
    float* const next =
        stage + kSize == shared + kStages * kSize ? shared : stage + kSize;
    if (step + 1 < steps) factors.read(next, 0);
    if (step + kStages < steps) loader.load(stage, step + kStages);
    __pipeline_commit();
    factors.add(sums, kDepth - 1);
    stage = next;
  }
  __pipeline_wait_prior(0);
  __syncthreads();  // shared memory is free again
}
// endregion

// region write-tile
/// Writes the sums so that a warp's lanes write neighbours. A thread's own
/// neighbours are only four, and results begin anywhere: each warp turns them
/// in a corner of shared memory, a row of sums of each thread at a time.
///
/// `write(row, column, value)` gets rows and columns of the tile; the column is
/// the same for all rows of one `each`, so that what follows from it alone is
/// computed once.
template <class Tile, class Write>
__device__ __forceinline__ void write_tile(const Sums<Tile>& sums,
                                           float* shared, const Write& write) {
  constexpr int kWidth = Tile::kColumnsOfWarp;
  constexpr int kStep = kWidth + 16;  // two rows side by side fill all banks
  const ThreadPlace<Tile> place;
  float* corner = shared + place.warp * Tile::kLaneRows * kStep;
  float* own = corner + place.lane_row * kStep + place.lane_column * 4;
#pragma unroll
  for (int i = 0; i < Tile::kThreadRows; ++i) {
#pragma unroll
    for (int j = 0; j < Tile::kThreadColumns; j += 4) {
      write4(&sums.of[i][j], own + j * Tile::kLaneColumns);
    }
    __syncwarp();
    const int first = place.warp_row + i / 4 * 4 * Tile::kLaneRows + i % 4;
#pragma unroll
    for (int row = 0; row < Tile::kLaneRows; ++row) {
#pragma unroll
      for (int each = 0; each < kWidth / 32; ++each) {
        write(first + row * 4, each,
              corner[row * kStep + each * 32 + place.lane]);
      }
    }
    __syncwarp();
  }
}
// endregion

// region column-of
/// The tile's column that write_tile() means by `each`.
template <class Tile>
__device__ __forceinline__ int column_of(int each) {
  const ThreadPlace<Tile> place;
  return place.warp_column + each * 32 + place.lane;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
