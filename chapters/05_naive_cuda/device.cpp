// region quiet: includes
#include "chapters/05_naive_cuda/device.hpp"

#include "chapters/05_naive_cuda/worlds.hpp"
#include "common/errors.hpp"
#include "common/machine.hpp"

namespace cnn {
// endregion

// region device-why-not
std::string to_string(Device device) {
  return device == Device::kGpu ? "GPU" : "emulator";
}

std::string why_not(Device device) {
  std::string reason;
  if (device == Device::kGpu) {
    if (describe_gpu(reason)) return {};
    return reason;
  }
#ifndef COURSE_HAS_SIMT
  reason = "built without the emulator: Boost.Context was not found";
#endif
  return reason;
}

std::vector<Device> usable_devices() {
  std::vector<Device> usable;
  for (const Device device : {Device::kGpu, Device::kEmulator}) {
    if (why_not(device).empty()) usable.push_back(device);
  }
  return usable;
}
// endregion

// region device-make-backend
std::unique_ptr<Backend> make_naive_backend(Device device) {
  const std::string reason = why_not(device);
#ifdef COURSE_HAS_CUDA
  if (device == Device::kGpu && reason.empty()) {
    return make_naive_backend_on_gpu();
  }
#endif
#ifdef COURSE_HAS_SIMT
  if (device == Device::kEmulator && reason.empty()) {
    return make_naive_backend_emulated();
  }
#endif
  throw SkipError(reason);
}

}  // namespace cnn
// endregion
