#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"

#include "chapters/05_naive_cuda/device.hpp"

namespace cnn::test {

std::vector<BackendUnderTest> backends_under_test() {
  std::vector<BackendUnderTest> all;
  for (const Device device : {Device::kGpu, Device::kEmulator}) {
    all.push_back({.name = device == Device::kGpu ? "Gpu" : "Emulator",
                   .why_not = why_not(device),
                   .make = [device] { return make_naive_backend(device); },
                   .slow = device == Device::kEmulator,
                   .float32_sums = true});
  }
  return all;
}

}  // namespace cnn::test
