// region quiet: includes
#include "chapters/06_tiled_cuda_adam/tuned_launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region shape-64x64
/// 4 warps of 32 x 32, 8 x 4 elements a thread: products of which c is too
/// small for the large tiles to go round.
void launch_64x64(const Product& product, const ProductForm& form,
                  const Finish& finish, const Parts& parts,
                  const Stream& stream) {
  launch_form<TileShape<64, 64, 8, 32, 32, 4, 4, 4>>(product, form, finish,
                                                     parts, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
