// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/06_tiled_cuda_adam/product.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region product-plan
/// How a product is cut up.
struct ProductPlan {
  enum class Tile { k128x128, k64x64, k32x32 };
  Tile tile = Tile::k128x128;
  /// Into how many parts the terms are cut, each summed up by blocks of its
  /// own; the sums of the parts are added afterwards, in order.
  int parts = 1;
};

/// What keeps `multiprocessors` of them busy for the shortest time.
ProductPlan plan_product(int m, int n, int k, int multiprocessors);

/// How many floats multiply_tuned() needs for the parts' sums: 0 for one part.
std::int64_t scratch_floats(int m, int n, const ProductPlan& plan);
// endregion

// region multiply-tuned
/// Step 8: any size, any form; the bits depend on the plan, and on nothing
/// else. Fastest when rows begin at multiples of 16 bytes.
/// @param scratch of scratch_floats(), or null when that is 0
/// Throws std::invalid_argument as require_product() does, CudaError when it
/// cannot be launched.
void multiply_tuned(const Product& product, const ProductForm& form,
                    const ProductPlan& plan, float* scratch,
                    const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
