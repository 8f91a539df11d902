// region quiet: includes
#include "chapters/05_naive_cuda/cuda_backend.hpp"

#include <fmt/format.h>

#include "common/cuda/check.hpp"
#include "common/errors.hpp"
#include "common/machine.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region cuda-description
std::string CudaBackend::description() const {
#ifdef COURSE_SIMT
  return "emulated GPU";
#else
  std::string reason;
  const std::optional<Gpu> gpu = describe_gpu(reason);
  return fmt::format("GPU ({})", gpu ? gpu->name : reason);
#endif
}
// endregion

// region cuda-allocate
Array CudaBackend::allocate(std::int64_t count) {
  const auto size = static_cast<std::int64_t>(sizeof(float));
  return reinterpret_cast<Array>(allocate_bytes(size * count));
}

ByteArray CudaBackend::allocate_bytes(std::int64_t count) {
  if (count < 0) {
    throw InputError(
        fmt::format("{} bytes of GPU memory were asked for", count));
  }
  const auto bytes = static_cast<std::size_t>(count);
  ByteArray memory = memory_.emplace_back(bytes).data();
  allocated_bytes_ += count;
  cuda_check(cudaMemsetAsync(memory, 0, bytes, stream_.get()),
             "cudaMemsetAsync");
  return memory;
}

std::int64_t CudaBackend::allocated_bytes() const {
  return allocated_bytes_;
}

void CudaBackend::clear(Array array, std::int64_t count) {
  const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(float);
  cuda_check(cudaMemsetAsync(array, 0, bytes, stream_.get()),
             "cudaMemsetAsync");
}
// endregion

// region cuda-transfers
// A copy that was asked for is not yet done: we wait for it, because the caller
// may do with its memory what it likes as soon as we are back. Before a
// download we wait, too: if a kernel went wrong, synchronise() has the better
// words than the copy that stumbles over it. Training copies nothing.
void CudaBackend::upload_bytes(std::span<const std::uint8_t> from,
                               ByteArray to) {
  copy_to_device(to, from.data(), from.size_bytes(), stream_);
  synchronise();
}

void CudaBackend::download_bytes(ConstByteArray from,
                                 std::span<std::uint8_t> to) {
  synchronise();
  copy_to_host(to.data(), from, to.size_bytes(), stream_);
  synchronise();
}

void CudaBackend::upload(std::span<const float> from, Array to) {
  copy_to_device(to, from.data(), from.size_bytes(), stream_);
  synchronise();
}

void CudaBackend::download(ConstArray from, std::span<float> to) {
  synchronise();
  copy_to_host(to.data(), from, to.size_bytes(), stream_);
  synchronise();
}
// endregion

// region cuda-synchronise
void CudaBackend::synchronise() {
  try {
    stream_.synchronize();
  } catch (const CudaError& error) {
    throw CudaError(
        "a kernel that was launched earlier went wrong (compute-sanitizer "
        "tells which one, and where)",
        error.code());
  }
}
// endregion

// region cuda-activations
void require_countable(std::int64_t numbers, const std::string& what) {
  if (numbers <= kMostNumbers) return;
  throw InputError(
      fmt::format("{}: {} numbers are more than the {} that a kernel counts "
                  "to; make the batch or the layer smaller",
                  what, numbers, kMostNumbers));
}

std::int64_t CudaBackend::activation_size(const Shape& shape) const {
  require_countable(shape.size(), "an activation of " + to_string(shape));
  return shape.size();
}

void CudaBackend::upload_activation(const Shape& /*shape*/,
                                    std::span<const float> nchw, Array to) {
  upload(nchw, to);
}

void CudaBackend::download_activation(const Shape& /*shape*/, ConstArray from,
                                      std::span<float> nchw) {
  download(from, nchw);
}
// endregion

// region cuda-flatten
namespace {

void copy(const Shape& shape, ConstArray from, Array to, const Stream& stream) {
  const std::size_t bytes =
      static_cast<std::size_t>(shape.size()) * sizeof(float);
  cuda_check(
      cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, stream.get()),
      "cudaMemcpyAsync on the device");
}

}  // namespace

// Features are in NCHW order, and so are our activations.
void CudaBackend::flatten_forward(const Shape& shape, ConstArray input,
                                  Array features) {
  copy(shape, input, features, stream_);
}

void CudaBackend::flatten_backward(const Shape& shape,
                                   ConstArray feature_gradient,
                                   Array input_gradient) {
  copy(shape, feature_gradient, input_gradient, stream_);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
