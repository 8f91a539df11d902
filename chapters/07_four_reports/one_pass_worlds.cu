// region quiet: includes
#include <algorithm>

#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "chapters/07_four_reports/one_pass_device.hpp"
#include "chapters/07_four_reports/one_pass_kernels.hpp"
#include "chapters/07_four_reports/one_pass_tile.cuh"
#include "common/cuda/buffer.hpp"

namespace cnn {
inline namespace CNN_GPU {
namespace {
// endregion

// region one-pass-host
template <class T>
std::vector<T> on_host(const DeviceBuffer<T>& buffer, const Stream& stream) {
  std::vector<T> values(buffer.size());
  buffer.download(values, stream);
  stream.synchronize();
  return values;
}

/// Two launches a step, and nothing else: no copy, no waiting, no allocation.
class OnePassHost : public OnePassDevice {
 public:
  OnePassHost(const Dataset& pictures, int blocks)
      : count_(static_cast<int>(pictures.count)),
        classes_(static_cast<int>(std::ssize(pictures.class_names))),
        blocks_(std::min(blocks > 0 ? blocks : one_pass_blocks(),
                         pieces(count_, OnePassShape::kPictures))),
        pixels_(pictures.pixels.size()),
        labels_(pictures.labels.size()),
        layers_(TwoLayers::kNumbers),
        gradient_(TwoLayers::kNumbers),
        parts_(static_cast<std::size_t>(blocks_ * OnePassParts::kNumbers)) {
    pixels_.upload(pictures.pixels, stream_);
    labels_.upload(pictures.labels, stream_);
    stream_.synchronize();
  }

  void upload(std::span<const float> layers) override {
    layers_.upload(layers, stream_);
    stream_.synchronize();
  }
  // endregion

  // region one-pass-host-descend
  void descend(float rate, std::int64_t steps) override {
    const auto floats = static_cast<std::size_t>(2 * steps);
    if (scores_.size() != floats) scores_ = DeviceBuffer<float>(floats);
    const OnePassPictures pictures{.pixels = pixels_.data(),
                                   .labels = labels_.data(),
                                   .count = count_,
                                   .classes = classes_};
    for (std::int64_t i = 0; i < steps; ++i) {
      one_pass_parts(pictures, layers_.data(), blocks_, parts_.data(), stream_);
      one_pass_descend(parts_.data(), blocks_, count_, rate, layers_.data(),
                       gradient_.data(), scores_.data() + 2 * i, stream_);
    }
  }
  void synchronize() override { stream_.synchronize(); }
  // endregion

  // region one-pass-host-results
  std::vector<float> layers() override { return on_host(layers_, stream_); }
  std::vector<float> gradient() override { return on_host(gradient_, stream_); }
  std::vector<Score> scores() override {
    const std::vector<float> numbers = on_host(scores_, stream_);
    std::vector<Score> scores;
    for (std::size_t i = 0; i < numbers.size(); i += 2) {
      scores.push_back({numbers[i], numbers[i + 1]});
    }
    return scores;
  }
  std::int64_t bytes() const override {
    return static_cast<std::int64_t>(pixels_.size() + labels_.size() +
                                     sizeof(float) *
                                         (layers_.size() + gradient_.size() +
                                          parts_.size() + scores_.size()));
  }

 private:
  Stream stream_;
  int count_;
  int classes_;
  int blocks_;
  DeviceBuffer<std::uint8_t> pixels_;
  DeviceBuffer<std::uint8_t> labels_;
  DeviceBuffer<float> layers_;
  DeviceBuffer<float> gradient_;
  DeviceBuffer<float> parts_;
  DeviceBuffer<float> scores_;
};
// endregion

// region one-pass-worlds
}  // namespace
}  // namespace CNN_GPU

#ifdef COURSE_SIMT
std::unique_ptr<OnePassDevice> make_one_pass_emulated(
#else
std::unique_ptr<OnePassDevice> make_one_pass_on_gpu(
#endif
    const Dataset& pictures, int blocks) {
  return std::make_unique<OnePassHost>(pictures, blocks);
}

}  // namespace cnn
// endregion
