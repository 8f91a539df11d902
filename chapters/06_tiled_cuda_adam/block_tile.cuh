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
/// Where a thread's share begins in the tile.
template <class Tile>
struct ThreadPlace {
  int warp = static_cast<int>(threadIdx.x) / 32;
  int lane = static_cast<int>(threadIdx.x) % 32;
  int warp_row = warp / Tile::kWarpColumns * Tile::kRowsOfWarp;
  int warp_column = warp % Tile::kWarpColumns * Tile::kColumnsOfWarp;
  int row = warp_row + lane / Tile::kLaneColumns * 4;
  int column = warp_column + lane % Tile::kLaneColumns * 4;
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

// region multiply-stage
/// Adds kDepth terms to all sums. A term costs kThreadRows + kThreadColumns
/// floats from shared memory and their product in multiplications.
template <class Tile, int kDepth>
__device__ __forceinline__ void multiply_stage(const float* stage,
                                               const ThreadPlace<Tile>& place,
                                               Sums<Tile>& sums) {
  using S = Stage<Tile, kDepth>;
  const float* rows = stage + place.row;
  const float* columns = stage + S::kColumnsBegin + place.column;
#pragma unroll
  for (int term = 0; term < kDepth; ++term) {
    float left[Tile::kThreadRows];
    float right[Tile::kThreadColumns];
#pragma unroll
    for (int i = 0; i < Tile::kThreadRows; i += 4) {
      read4(rows + term * S::kRowStep + i * Tile::kLaneRows, left + i);
    }
#pragma unroll
    for (int j = 0; j < Tile::kThreadColumns; j += 4) {
      read4(columns + term * S::kColumnStep + j * Tile::kLaneColumns,
            right + j);
    }
#pragma unroll
    for (int i = 0; i < Tile::kThreadRows; ++i) {
#pragma unroll
      for (int j = 0; j < Tile::kThreadColumns; ++j) {
        sums.of[i][j] += left[i] * right[j];
      }
    }
  }
}
// endregion

// region multiply-tiles
/// All steps. `loader.load(stage, step)` starts the copies of one step;
/// kStages - 1 steps are on their way while one is being computed, and one
/// barrier a step serves both ends: the stage that is waited for has arrived
/// for all, and the stage to be filled next has been read by all.
template <class Tile, int kStages, class Loader>
__device__ __forceinline__ void multiply_tiles(Loader& loader, int steps,
                                               float* shared,
                                               Sums<Tile>& sums) {
  constexpr int kSize = Stage<Tile, Loader::kDepth>::kSize;
  const ThreadPlace<Tile> place;
#pragma unroll
  for (int step = 0; step < kStages - 1; ++step) {
    if (step < steps) loader.load(shared + step * kSize, step);
    __pipeline_commit();
  }
  int now = 0;
  int next = kStages - 1;
  for (int step = 0; step < steps; ++step) {
    __pipeline_wait_prior(kStages - 2);
    __syncthreads();
    const int ahead = step + kStages - 1;
    if (ahead < steps) loader.load(shared + next * kSize, ahead);
    __pipeline_commit();
    multiply_stage<Tile, Loader::kDepth>(shared + now * kSize, place, sums);
    now = now + 1 == kStages ? 0 : now + 1;
    next = next + 1 == kStages ? 0 : next + 1;
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
  const ThreadPlace<Tile> place;
  float* corner = shared + place.warp * Tile::kLaneRows * kWidth;
  float* own = corner + place.lane / Tile::kLaneColumns * kWidth +
               place.lane % Tile::kLaneColumns * 4;
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
              corner[row * kWidth + each * 32 + place.lane]);
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
