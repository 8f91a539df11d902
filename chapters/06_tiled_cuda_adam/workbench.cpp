// region quiet: includes
#include "chapters/06_tiled_cuda_adam/workbench.hpp"

#include "common/errors.hpp"

namespace cnn {
// endregion

// region make-workbench
Workbench make_workbench(Device device) {
  const std::string reason = why_not(device);
#ifdef COURSE_HAS_CUDA
  if (device == Device::kGpu && reason.empty()) return make_workbench_on_gpu();
#endif
#ifdef COURSE_HAS_SIMT
  if (device == Device::kEmulator && reason.empty()) {
    return make_workbench_emulated();
  }
#endif
  throw SkipError(reason);
}

}  // namespace cnn
// endregion
