// region quiet: includes
#include "chapters/06_tiled_cuda_adam/product_steps.hpp"

#include <array>

#include "chapters/06_tiled_cuda_adam/tuned_product.hpp"

namespace cnn {
inline namespace CNN_GPU {
namespace {
// endregion

// region steps
void multiply_in_one_part(const Product& product, const Stream& stream) {
  multiply_tuned(product, {}, {}, nullptr, stream);
}

constexpr std::array kSteps{
    ProductStep{0, "naive", "one thread an element, lanes down a column",
                multiply_naive},
    ProductStep{1, "coalesced", "lanes along a row", multiply_coalesced},
    ProductStep{2, "tiled", "tiles of both factors in shared memory",
                multiply_in_tiles},
    ProductStep{3, "padded", "no two lanes of a store want one bank",
                multiply_in_padded_tiles},
    ProductStep{4, "register-blocked 1D", "8 elements of a column a thread",
                multiply_by_columns},
    ProductStep{5, "register-blocked 2D", "8 x 8 elements a thread",
                multiply_by_squares},
    ProductStep{6, "vectorised", "four numbers by one instruction",
                multiply_by_vectors},
    ProductStep{7, "double-buffered", "the next tile comes by cp.async",
                multiply_pipelined},
    ProductStep{8, "tuned",
                "tiles for warps, 8 x 16 elements a thread, more "
                "tiles on their way, blocks in groups",
                multiply_in_one_part}};

}  // namespace

std::span<const ProductStep> product_steps() {
  return kSteps;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
