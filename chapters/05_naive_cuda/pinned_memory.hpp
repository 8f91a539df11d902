// region quiet: includes
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/cuda/check.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region pinned-memory
/// Owns memory of the host that the operating system may not move: the GPU can
/// fetch from it by itself, and a copy from or to it need not hold up the host.
class PinnedMemory {
 public:
  /// Uninitialised. Throws CudaError.
  explicit PinnedMemory(std::size_t bytes) : size_(bytes) {
    void* memory = nullptr;
    cuda_check(cudaMallocHost(&memory, bytes), "cudaMallocHost");
    data_ = static_cast<std::uint8_t*>(memory);
  }
  PinnedMemory(const PinnedMemory&) = delete;
  PinnedMemory& operator=(const PinnedMemory&) = delete;
  ~PinnedMemory() { cudaFreeHost(data_); }

  std::span<std::uint8_t> bytes() { return {data_, size_}; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
