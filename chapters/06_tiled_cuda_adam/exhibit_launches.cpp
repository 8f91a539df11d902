// region quiet: includes
#include "chapters/06_tiled_cuda_adam/exhibit_launches.hpp"

#include "common/errors.hpp"

namespace cnn {
// endregion

// region exhibit-launches-of
ExhibitLaunches exhibit_launches(Device device) {
  const std::string reason = why_not(device);
#ifdef COURSE_HAS_CUDA
  if (device == Device::kGpu && reason.empty()) {
    return exhibit_launches_on_gpu();
  }
#endif
#ifdef COURSE_HAS_SIMT
  if (device == Device::kEmulator && reason.empty()) {
    return exhibit_launches_emulated();
  }
#endif
  throw SkipError(reason);
}

}  // namespace cnn
// endregion
