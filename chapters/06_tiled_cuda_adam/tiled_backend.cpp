// region quiet: includes
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"

#include "chapters/06_tiled_cuda_adam/adam_kernel.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-description
TiledBackend::TiledBackend() = default;

std::string TiledBackend::description() const {
  return CudaBackend::description() + ", tiles";
}
// endregion

// region tiled-adam
void TiledBackend::adam_step(std::int64_t count, const AdamNumbers& numbers,
                             ConstArray gradients, Array first_moments,
                             Array second_moments, Array parameters) {
  adam_on_device(count, numbers, gradients, first_moments, second_moments,
                 parameters, stream());
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
