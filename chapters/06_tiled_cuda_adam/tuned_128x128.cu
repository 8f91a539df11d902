// region quiet: includes
#include "chapters/06_tiled_cuda_adam/tuned_launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region shape-128x128
/// 4 warps of 64 x 64, 16 x 8 elements a thread: large products.
void launch_128x128(const Product& product, const ProductForm& form,
                    const Finish& finish, const Parts& parts,
                    const Stream& stream) {
  launch_form<TileShape<128, 128, 8, 64, 64, 4, 3, 2>>(product, form, finish,
                                                       parts, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
