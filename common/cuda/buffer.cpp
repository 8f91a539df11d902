#include "common/cuda/buffer.hpp"

#include <fmt/format.h>

#include "common/cuda/check.hpp"
#include "common/out_of_memory.hpp"
#include "common/report.hpp"

namespace cnn {
inline namespace CNN_GPU {

void* allocate_on_device(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  void* memory = nullptr;
  const cudaError_t status = cudaMalloc(&memory, bytes);
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();  // dealt with: the next check must not see it
    std::size_t free_bytes = 0;
    std::size_t total_bytes = 0;
    cuda_check(cudaMemGetInfo(&free_bytes, &total_bytes), "cudaMemGetInfo");
    throw OutOfMemory(fmt::format(
        "the GPU has too little memory: {} asked for, {} of {} free",
        format_bytes(static_cast<double>(bytes)),
        format_bytes(static_cast<double>(free_bytes)),
        format_bytes(static_cast<double>(total_bytes))));
  }
  cuda_check(status, "cudaMalloc");
  return memory;
}

void free_on_device(void* memory) noexcept {
  cudaFree(memory);
}

void copy_to_device(void* to, const void* from, std::size_t bytes,
                    const Stream& stream) {
  cuda_check(
      cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream.get()),
      "cudaMemcpyAsync to the device");
}

void copy_to_host(void* to, const void* from, std::size_t bytes,
                  const Stream& stream) {
  cuda_check(
      cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, stream.get()),
      "cudaMemcpyAsync to the host");
}

}  // namespace CNN_GPU
}  // namespace cnn
