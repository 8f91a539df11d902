// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "common/cuda/buffer.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region cuda-backend
/// What every backend on a GPU has in common: a stream in which all its work
/// runs in order, memory, and activations as they are in files: NCHW.
class CudaBackend : public Backend {
 public:
  const Stream& stream() const { return stream_; }

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

  std::int64_t activation_size(const Shape& shape) const override;
  void upload_activation(const Shape& shape, std::span<const float> nchw,
                         Array to) override;
  void download_activation(const Shape& shape, ConstArray from,
                           std::span<float> nchw) override;

 private:
  Stream stream_;
  std::vector<DeviceBuffer<std::uint8_t>> memory_;
  std::int64_t allocated_bytes_ = 0;
};
// endregion

}  // namespace CNN_GPU
}  // namespace cnn
