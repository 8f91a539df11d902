// region quiet: includes
#pragma once

#include "chapters/06_tiled_cuda_adam/product.hpp"
#include "chapters/06_tiled_cuda_adam/product_plan.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
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
