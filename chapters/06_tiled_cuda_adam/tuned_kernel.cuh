// region quiet: includes
#pragma once

#include <cstdint>
#include <type_traits>

#include "chapters/06_tiled_cuda_adam/panel.cuh"
#include "chapters/06_tiled_cuda_adam/product.hpp"
#include "common/cuda/shared.cuh"

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

  __device__ int row(int i) const {
    return place_.row + i / 4 * 4 * Shape::kLaneRows + i % 4;
  }
  __device__ int column(int j) const {
    return place_.column + j / 4 * 4 * Shape::kLaneColumns + j % 4;
  }
  __device__ float& at(int i, int j) {
    return sums_[i][j];
  }

 private:
  LanePlace<Shape> place_;
  float sums_[kRows][kColumns] = {};
  float of_a_[2][kRows];
  float of_b_[2][kColumns];
};
// endregion

// region block-place
/// Which tile of c is whose. Blocks start in the order of their numbers; groups
/// of kTall rows of tiles, walked column by column, make those that run at the
/// same time want the same few rows of a and columns of b, from the L2 cache.
template <class Shape>
struct BlockPlace {
  int top;
  int left;

  __device__ explicit BlockPlace(const Product& p) {
    constexpr int kTall = 8;
    const int block = static_cast<int>(blockIdx.x);
    const int down = pieces(p.m, Shape::kRows);
    const int across = pieces(p.n, Shape::kColumns);
    const int group = block / (kTall * across);
    const int in_group = block % (kTall * across);
    const int tall = min(kTall, down - group * kTall);
    top = (group * kTall + in_group % tall) * Shape::kRows;
    left = in_group / tall * Shape::kColumns;
  }
};
// endregion

// region write-sums
/// What becomes of the sums of a block.
struct Finish {
  const float* bias = nullptr;
  bool relu = false;
  bool fours = false;  ///< whether c can be written so
};

/// Four neighbours in a row, as far as there are columns.
__device__ inline void write_row(const float (&four)[4], float* to, int left,
                                 bool fours) {
  if (fours && left >= 4) {
    write4(four, to);
    return;
  }
  for (int i = 0; i < 4; ++i) {
    if (i < left) to[i] = four[i];
  }
}

template <class Shape>
__device__ void write_sums(const Product& p, const Finish& finish,
                           const BlockPlace<Shape>& place,
                           WarpSums<Shape>& sums) {
#pragma unroll
  for (int j = 0; j < Shape::kThreadColumns; j += 4) {
    const int column = place.left + sums.column(j);
    float bias[4] = {};
    if (finish.bias != nullptr) {
      for (int one = 0; one < 4; ++one) {
        if (column + one < p.n) bias[one] = finish.bias[column + one];
      }
    }
#pragma unroll
    for (int i = 0; i < Shape::kThreadRows; ++i) {
      const int row = place.top + sums.row(i);
      if (row >= p.m || column >= p.n) continue;
      float four[4];
      for (int one = 0; one < 4; ++one) {
        const float sum = sums.at(i, j + one) + bias[one];
        four[one] = finish.relu && sum < 0 ? 0.0F : sum;  // NaN stays NaN
      }
      write_row(four, &p.c[row * p.ldc + column], p.n - column, finish.fours);
    }
  }
}
// endregion

// region tuned-kernel
/// c = a b for one tile of c and one part of the terms, number blockIdx.z, of
/// `part_terms` terms. Each part has a c of its own, m * ldc elements further.
template <class Shape, Lies kA, Lies kB>
__global__ void __launch_bounds__(Shape::kThreads, Shape::kBlocks)
    tuned_product(Product p, Finish finish, int part_terms) {
  using PanelA = Panel<Shape::kRows, Shape::kTerms, Shape::kThreads, kA>;
  using PanelB = Panel<Shape::kColumns, Shape::kTerms, Shape::kThreads, kB>;
  constexpr int kTileA = PanelA::kPitch * Shape::kTerms;
  constexpr int kStage = kTileA + PanelB::kPitch * Shape::kTerms;
  constexpr int kTerms = Shape::kTerms;
  float* const shared = dynamic_shared<float>();

  const BlockPlace<Shape> place(p);
  const int first = static_cast<int>(blockIdx.z) * part_terms;
  int to_send = min(part_terms, p.k - first);  // terms not yet sent for
  const int tiles = pieces(to_send, kTerms);
  PanelA a(p.a, p.lda, place.top, p.m, first);
  PanelB b(p.b, p.ldb, place.left, p.n, first);
  const auto send = [&](auto whole, int stage) {
    constexpr bool kWhole = decltype(whole)::value;
    float* const to = shared + stage * kStage;
    a.template copy<kWhole>(to, to_send);
    b.template copy<kWhole>(to + kTileA, to_send);
    to_send -= kTerms;
  };
  WarpSums<Shape> sums;
  const auto read = [&](int stage, int term) {
    const float* const from = shared + stage * kStage;
    sums.template read<PanelA::kPitch, PanelB::kPitch>(from, from + kTileA,
                                                       term);
  };

  // All stages, even if there are fewer tiles: what follows the last tile is
  // read, though never used, and has to be something.
  for (int stage = 0; stage < Shape::kStages; ++stage) {
    send(std::false_type(), stage);
    __pipeline_commit();
  }
  __pipeline_wait_prior(Shape::kStages - 1);
  __syncthreads();
  read(0, 0);

  int stage = 0;
  for (int tile = 0; tile < tiles; ++tile) {
#pragma unroll
    for (int term = 0; term + 1 < kTerms; ++term) {
      read(stage, term + 1);
      sums.add(term);
    }
    // Before the last term: all have read this tile, and the next one is here.
    __pipeline_wait_prior(Shape::kStages - 2);
    __syncthreads();
    const int free = stage;
    stage = stage + 1 == Shape::kStages ? 0 : stage + 1;
    read(stage, 0);
    if (to_send >= kTerms) {
      send(std::true_type(), free);
    } else if (to_send > 0) {
      send(std::false_type(), free);
    }
    __pipeline_commit();
    sums.add(kTerms - 1);
  }
  p.c += static_cast<std::int64_t>(blockIdx.z) * p.m * p.ldc;
  write_sums(p, finish, place, sums);
}
// endregion

}  // namespace CNN_GPU
}  // namespace cnn
