// region quiet: includes
#include "chapters/06_tiled_cuda_adam/tuned_launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region small-shape
/// 4 x 4 elements a thread: when latency counts more than throughput.
void launch_small(const Product& product, const ProductForm& form,
                  const Finish& finish, const Parts& parts,
                  const Stream& stream) {
  using Shape = TileShape<32, 32, 16, 16, 32, 4, 4, 8>;
  launch_form<Shape>(product, form, finish, parts, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
