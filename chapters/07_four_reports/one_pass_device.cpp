// region quiet: includes
#include "chapters/07_four_reports/one_pass_device.hpp"

#include "chapters/07_four_reports/two_layers.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region one-pass-device-made
std::unique_ptr<OnePassDevice> make_one_pass(
    Device device, [[maybe_unused]] const Dataset& pictures,
    [[maybe_unused]] int blocks) {
  expect_two_layers(pictures);
  const std::string reason = why_not(device);
#ifdef COURSE_HAS_CUDA
  if (device == Device::kGpu && reason.empty()) {
    return make_one_pass_on_gpu(pictures, blocks);
  }
#endif
#ifdef COURSE_HAS_SIMT
  if (device == Device::kEmulator && reason.empty()) {
    return make_one_pass_emulated(pictures, blocks);
  }
#endif
  throw SkipError(reason);
}

}  // namespace cnn
// endregion
