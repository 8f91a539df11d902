// region quiet: includes
#pragma once

#include <span>
#include <string_view>

#include "chapters/06_tiled_cuda_adam/product.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region product-step
/// One step of the way from a thread for each element to what a library does.
/// Each changes one thing, and all compute the same.
struct ProductStep {
  int number;               ///< 0, 1, 2, ...
  std::string_view name;    ///< "coalesced", short enough for a table
  std::string_view change;  ///< what it does that the one before does not
  /// Puts the product into the stream. Throws std::invalid_argument as
  /// require_product() does, CudaError when it cannot be launched.
  void (*run)(const Product& product, const Stream& stream);
};

/// All of them, in order: the one with number i is element i.
std::span<const ProductStep> product_steps();
// endregion

// region step-declarations
/// 0: one thread for each element of c; a warp takes 32 rows of one column.
void multiply_naive(const Product& product, const Stream& stream);
/// 1: the same, but a warp takes 32 columns of one row.
void multiply_coalesced(const Product& product, const Stream& stream);
/// 2: a block first copies the numbers it shares into shared memory.
void multiply_in_tiles(const Product& product, const Stream& stream);
/// 2 with tiles of 4 x 4: not to be fast, but small enough for a picture.
void multiply_in_tiny_tiles(const Product& product, const Stream& stream);
/// 3: the same with a column more, so that no two lanes want one bank.
void multiply_in_padded_tiles(const Product& product, const Stream& stream);
/// 4: a thread sums up 8 elements of a column.
void multiply_by_columns(const Product& product, const Stream& stream);
/// 5: a thread sums up 8 x 8 elements.
void multiply_by_squares(const Product& product, const Stream& stream);
/// 6: four numbers at a time, from global and from shared memory.
void multiply_by_vectors(const Product& product, const Stream& stream);
/// 7: the next tile is on its way while this one is multiplied.
void multiply_pipelined(const Product& product, const Stream& stream);
// 8 is multiply_tuned().

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
