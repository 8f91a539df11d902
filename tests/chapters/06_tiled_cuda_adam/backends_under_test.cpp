#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"

#include "chapters/06_tiled_cuda_adam/tiled_device.hpp"

namespace cnn::test {

std::vector<BackendUnderTest> backends_under_test() {
  std::vector<BackendUnderTest> all;
  for (const Device device : {Device::kGpu, Device::kEmulator}) {
    all.push_back({.name = device == Device::kGpu ? "Gpu" : "Emulator",
                   .why_not = why_not(device),
                   .make = [device] { return make_tiled_backend(device); },
                   .slow = device == Device::kEmulator,
                   .float32_sums = true});
  }
  return all;
}

}  // namespace cnn::test
