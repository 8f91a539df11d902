// region quiet: includes
#pragma once

#include "chapters/06_tiled_cuda_adam/product.hpp"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region square-tiles
/// What a block of steps 6 and 7 works on: 128 x 128 elements of c, 8 terms of
/// each, a turned so that rows lie side by side. With 4 columns more, the rows
/// that a warp writes at once lie in banks of their own, and fours stay
/// aligned.
struct SquareTiles {
  static constexpr int kSide = 128;
  static constexpr int kTerms = 8;
  static constexpr int kOfThread = 8;  // rows, and columns
  static constexpr int kAcross = kSide / kOfThread;
  static constexpr int kThreads = kAcross * kAcross;

  alignas(16) float a[kTerms][kSide + 4];
  alignas(16) float b[kTerms][kSide];
};

/// Which matrices can be accessed four numbers at a time.
struct Fours {
  bool a = false;
  bool b = false;
  bool c = false;
};

/// Asked on the host, once for a launch.
inline Fours fours_of(const Product& product) {
  return {in_fours(product.a, product.lda), in_fours(product.b, product.ldb),
          in_fours(product.c, product.ldc)};
}
// endregion

// region square-place
/// Which tile of c is this block's.
struct SquarePlace {
  __device__ SquarePlace()
      : top(static_cast<int>(blockIdx.x) * SquareTiles::kSide),
        left(static_cast<int>(blockIdx.y) * SquareTiles::kSide) {}

  int top;
  int left;
};
// endregion

// region square-sums
/// A thread's 8 x 8 elements: two groups of 4 rows times two of 4 columns, so
/// that the lanes of a warp read fours that lie side by side.
class SquareSums {
 public:
  /// Adds all terms of the tiles.
  __device__ void add(const SquareTiles& tiles) {
#pragma unroll
    for (int k = 0; k < SquareTiles::kTerms; ++k) {
      float of_a[kSize];
      float of_b[kSize];
      for (int i = 0; i < kSize; i += 4) {
        read4(&tiles.a[k][row(i)], &of_a[i]);
        read4(&tiles.b[k][column(i)], &of_b[i]);
      }
      for (int i = 0; i < kSize; ++i)
        for (int j = 0; j < kSize; ++j) sums_[i][j] += of_a[i] * of_b[j];
    }
  }

  /// Writes those that lie inside of c.
  __device__ void write(const Product& p, const SquarePlace& place,
                        bool fours) const {
    for (int i = 0; i < kSize; ++i) {
      const int at_row = place.top + row(i);
      if (at_row >= p.m) continue;
      for (int j = 0; j < kSize; j += 4) {
        const int at_column = place.left + column(j);
        float* const to = &p.c[at_row * p.ldc + at_column];
        if (fours && at_column + 4 <= p.n) {
          write4(&sums_[i][j], to);
        } else {
          for (int one = 0; one < 4; ++one) {
            if (at_column + one < p.n) to[one] = sums_[i][j + one];
          }
        }
      }
    }
  }

 private:
  static constexpr int kSize = SquareTiles::kOfThread;

  /// Row of the tile in which this thread's row i lies.
  __device__ static int row(int i) {
    const int thread = static_cast<int>(threadIdx.x) / SquareTiles::kAcross;
    return i / 4 * (SquareTiles::kSide / 2) + thread * 4 + i % 4;
  }
  __device__ static int column(int j) {
    const int thread = static_cast<int>(threadIdx.x) % SquareTiles::kAcross;
    return j / 4 * (SquareTiles::kSide / 2) + thread * 4 + j % 4;
  }

  float sums_[kSize][kSize] = {};
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
