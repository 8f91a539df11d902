// region quiet: includes
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "common/cuda/buffer.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region most-numbers
/// Kernels do their arithmetic of indices in 32 bits, which GPUs are faster at
/// than at 64: no array of theirs has more numbers than this.
inline constexpr std::int64_t kMostNumbers = 2'000'000'000;

/// Throws InputError when there are more; `what` they are, for the message.
void require_countable(std::int64_t numbers, const std::string& what);
// endregion

// region cuda-backend
/// What every backend on a GPU has in common: a stream in which all its work
/// runs in order, memory, and activations as they are in files: NCHW.
///
/// A kernel that goes wrong is noticed by the next call that waits for it:
/// synchronise() and the downloads then throw CudaError with a sentence.
class CudaBackend : public Backend {
 public:
  const Stream& stream() const { return stream_; }

  /// "GPU (NVIDIA H200)", or "emulated GPU".
  std::string description() const override;
  Array allocate(std::int64_t count) override;
  ByteArray allocate_bytes(std::int64_t count) override;
  void upload(std::span<const float> from, Array to) override;
  void download(ConstArray from, std::span<float> to) override;
  void upload_bytes(std::span<const std::uint8_t> from, ByteArray to) override;
  void download_bytes(ConstByteArray from, std::span<std::uint8_t> to) override;
  void clear(Array array, std::int64_t count) override;
  void synchronise() override;
  std::int64_t allocated_bytes() const override;

  /// As many as numbers. Throws InputError for more than kMostNumbers.
  std::int64_t activation_size(const Shape& shape) const override;
  void upload_activation(const Shape& shape, std::span<const float> nchw,
                         Array to) override;
  void download_activation(const Shape& shape, ConstArray from,
                           std::span<float> nchw) override;
  void flatten_forward(const Shape& shape, ConstArray input,
                       Array features) override;
  void flatten_backward(const Shape& shape, ConstArray feature_gradient,
                        Array input_gradient) override;

 private:
  Stream stream_;
  std::vector<DeviceBuffer<std::uint8_t>> memory_;
  std::int64_t allocated_bytes_ = 0;
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
