// region quiet: includes
#include "chapters/06_tiled_cuda_adam/tuned_launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region medium-shape
/// 8 x 8 elements a thread: when c is too small for large tiles to go round.
void launch_medium(const Product& product, const ProductForm& form,
                   const Finish& finish, const Parts& parts,
                   const Stream& stream) {
  using Shape = TileShape<64, 64, 16, 64, 32, 8, 3, 6>;
  launch_form<Shape>(product, form, finish, parts, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
