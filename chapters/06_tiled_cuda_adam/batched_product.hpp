// region quiet: includes
#pragma once

#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region batched-product
/// `count` matrix products of equal size, one behind the other in memory:
///
///   result[i] (rows x columns) = left[i] * right[i],
///
/// each summed over `terms` in `splits` equal parts: part s of product i lies
/// at result + (s * count + i) * rows * columns.
struct BatchedProduct {
  const float* left;
  const float* right;
  float* result;
  int count;
  int rows;
  int columns;
  int terms;
  int splits;
};

/// What rows and the terms of each part are multiples of.
inline constexpr int kProductRows = 64;
inline constexpr int kProductDepth = 8;
/// Rows and columns of the tile that is taken where that many rows fit.
inline constexpr int kSquareTile = 128;
/// What columns are multiples of: the other tile is 64 x 256.
constexpr int product_columns(int rows) {
  return rows % kSquareTile == 0 ? kSquareTile : 256;
}

/// left[i] is terms x rows and right[i] terms x columns: what a step needs of
/// each term lies together.
void multiply_term_by_term(const BatchedProduct& product, const Stream& stream);
/// left[i] is rows x terms and right[i] columns x terms; here, rows and columns
/// are multiples of kSquareTile.
void multiply_row_by_row(const BatchedProduct& product, const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
