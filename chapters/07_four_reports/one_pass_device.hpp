// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "chapters/04_cpu_cnn/history.hpp"
#include "chapters/05_naive_cuda/device.hpp"
#include "common/data/dataset.hpp"

namespace cnn {
// endregion

// region one-pass-device
/// Full-batch gradient descent of TwoLayers where kernels run, each picture
/// read once a step. The pictures stay there as the bytes that they are.
class OnePassDevice {
 public:
  virtual ~OnePassDevice() = default;

  /// Sets the weights: TwoLayers::kNumbers of them.
  virtual void upload(std::span<const float> layers) = 0;
  /// Asks for so many steps, and does not wait for them.
  virtual void descend(float rate, std::int64_t steps) = 0;
  /// Waits until all steps are done.
  virtual void synchronize() = 0;

  /// After all steps so far.
  virtual std::vector<float> layers() = 0;
  /// That the last step went down, of the mean loss.
  virtual std::vector<float> gradient() = 0;
  /// One for each step of the last descend(): the mean loss and the share of
  /// right answers before the step.
  virtual std::vector<Score> scores() = 0;
  /// Of the device's memory, that this holds.
  virtual std::int64_t bytes() const = 0;

 protected:
  OnePassDevice() = default;
  OnePassDevice(const OnePassDevice&) = default;
  OnePassDevice& operator=(const OnePassDevice&) = default;
};
// endregion

// region make-one-pass-device
/// Uploads the pictures. Throws InputError as expect_two_layers() does, and
/// SkipError with why_not() where kernels cannot run.
/// @param blocks that share the pictures; 0: as many as the device runs at once
std::unique_ptr<OnePassDevice> make_one_pass(Device device,
                                             const Dataset& pictures,
                                             int blocks = 0);
/// The same lines of one_pass_worlds.cu, compiled for a GPU and for the
/// emulator; only make_one_pass() calls them.
std::unique_ptr<OnePassDevice> make_one_pass_on_gpu(const Dataset& pictures,
                                                    int blocks);
/// See above.
std::unique_ptr<OnePassDevice> make_one_pass_emulated(const Dataset& pictures,
                                                      int blocks);

}  // namespace cnn
// endregion
