// region quiet: includes
#include "chapters/06_tiled_cuda_adam/tuned_launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region shape-32x32
/// 2 warps of 16 x 32, 4 x 4 elements a thread: the smallest.
void launch_32x32(const Product& product, const ProductForm& form,
                  const Finish& finish, const Parts& parts,
                  const Stream& stream) {
  launch_form<TileShape<32, 32, 16, 16, 32, 4, 4, 8>>(product, form, finish,
                                                      parts, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
