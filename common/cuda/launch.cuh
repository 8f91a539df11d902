/// @file
/// The one place where kernels are launched.
#pragma once

#include <cstddef>

#include "common/cuda/check.hpp"
#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

#ifdef COURSE_SIMT
#include "common/simt/launch.hpp"
#endif

namespace cnn {
inline namespace CNN_GPU {

/// How many blocks, how many threads in each, and how much dynamic shared
/// memory each block gets.
struct LaunchShape {
  dim3 grid;
  dim3 block;
  std::size_t shared_bytes = 0;
};

/// Puts a kernel into `stream` and checks that it could be launched. What it
/// does wrong while it runs shows at the next synchronisation. Arguments are
/// converted to the kernel's parameters, as in a call.
/// Throws CudaError: too many threads, too much shared memory, no such kernel
/// for this GPU. The emulator runs the kernel at once and also throws
/// simt::KernelFault, for what it did wrong.
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), const LaunchShape& shape,
            const Stream& stream, Arguments... arguments) {
  // Beyond 48 KiB a kernel has to be given leave.
  constexpr std::size_t kGrantedToAll = 48 * 1024;
  if (shape.shared_bytes > kGrantedToAll) {
    const cudaError_t granted = cudaFuncSetAttribute(
        kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
        static_cast<int>(shape.shared_bytes));
    if (granted != cudaSuccess) cudaGetLastError();  // said here
    cuda_check(granted, "cudaFuncSetAttribute");
  }
#ifdef COURSE_SIMT
  simt::run_kernel(kernel, shape.grid, shape.block, shape.shared_bytes,
                   stream.get(), arguments...);
#else
  // Behind #else, clang-format takes >>> for three signs.
  // clang-format off
  kernel<<<shape.grid, shape.block, shape.shared_bytes, stream.get()>>>(
      arguments...);
  // clang-format on
#endif
  cuda_check(cudaGetLastError(), "launching a kernel");
}

}  // namespace CNN_GPU
}  // namespace cnn
