// region quiet: includes
#include "chapters/06_tiled_cuda_adam/tiled_device.hpp"

#include <stdexcept>

#include "chapters/06_tiled_cuda_adam/tiled_worlds.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region tiled-device
std::unique_ptr<Backend> make_tiled_backend(Device device) {
  const std::string reason = why_not(device);
#ifdef COURSE_HAS_CUDA
  if (device == Device::kGpu && reason.empty()) {
    return make_tiled_backend_on_gpu();
  }
#endif
#ifdef COURSE_HAS_SIMT
  if (device == Device::kEmulator && reason.empty()) {
    return make_tiled_backend_emulated();
  }
#endif
  throw SkipError(reason);
}

AdamBackend& adam_of(Backend& backend) {
  if (auto* adam = dynamic_cast<AdamBackend*>(&backend)) return *adam;
  throw std::logic_error("this backend does not take Adam's step: " +
                         backend.description());
}

}  // namespace cnn
// endregion
