// region quiet: includes
#include "chapters/06_tiled_cuda_adam/tuned_launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region large-shapes
/// 8 x 16 elements a thread: large products. A b that has to be turned makes
/// more work of its tiles; then larger ones pay, that are turned less often.
/// Otherwise smaller blocks do better, of which more fit a multiprocessor: when
/// one of them waits at its barrier, more others go on.
void launch_large(const Product& product, const ProductForm& form,
                  const Finish& finish, const Parts& parts,
                  const Stream& stream) {
  using Square = TileShape<128, 128, 8, 64, 64, 8, 4, 2>;
  using Half = TileShape<64, 128, 8, 64, 64, 8, 4, 4>;
  const auto run = form.transpose_b ? launch_form<Square> : launch_form<Half>;
  run(product, form, finish, parts, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
