// region quiet: includes
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"

#include "chapters/06_tiled_cuda_adam/adam_kernel.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_worlds.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-description
TiledBackend::TiledBackend() : multiprocessors_(multiprocessors()) {}

std::string TiledBackend::description() const {
  // Where, and how: chapter 5's own words on how are not true here.
  // NOLINTNEXTLINE(bugprone-parent-virtual-call)
  return CudaBackend::description() + ", tiles";
}
// endregion

// region tiled-workspace
// The new one comes first: if there is no room for it, the old one is still
// there. cudaFree() waits for kernels that are using the old one.
void TiledBackend::reserve_workspace(std::int64_t floats) {
  const auto size = static_cast<std::size_t>(floats);
  if (size > workspace_.size()) workspace_ = DeviceBuffer<float>(size);
}

std::int64_t TiledBackend::allocated_bytes() const {
  return CudaBackend::allocated_bytes() +
         static_cast<std::int64_t>(workspace_.size() * sizeof(float));
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
// endregion

// region tiled-worlds-made
#ifdef COURSE_SIMT
std::unique_ptr<Backend> make_tiled_backend_emulated() {
  return std::make_unique<TiledBackend>();
}
#else
std::unique_ptr<Backend> make_tiled_backend_on_gpu() {
  return std::make_unique<TiledBackend>();
}
#endif

}  // namespace cnn
// endregion
