// region quiet: includes
#include "chapters/05_naive_cuda/where.hpp"

#include <fmt/format.h>

#include "common/errors.hpp"

namespace cnn {
// endregion

// region say-where
std::vector<Device> say_where(const Program& program) {
  std::vector<Device> devices = usable_devices();
  if (program.options().no_gpu) std::erase(devices, Device::kGpu);
  if (devices.empty()) {
    throw SkipError("no kernel can run here: on the GPU, " +
                    why_not(Device::kGpu) + "; emulated, " +
                    why_not(Device::kEmulator));
  }
  if (devices.front() == Device::kGpu) {
    fmt::print("kernels run on the GPU, and for the checks emulated, too\n");
  } else {
    fmt::print("{}, so kernels are emulated on the CPU\n",
               program.options().no_gpu ? "--no-gpu was given"
                                        : why_not(Device::kGpu));
  }
  return devices;
}

}  // namespace cnn
// endregion
