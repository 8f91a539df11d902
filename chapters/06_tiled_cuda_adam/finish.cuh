// region quiet: includes
#pragma once

#include "chapters/06_tiled_cuda_adam/product.hpp"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "chapters/06_tiled_cuda_adam/warp_sums.cuh"
#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {
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

/// Adds the bias, cuts off what is negative, and writes what lies inside of c.
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

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
