/// @file
/// A launch in the emulator; kernels are launched by common/cuda/launch.cuh,
/// which works for both.
#pragma once

#include <array>
#include <tuple>
#include <type_traits>

#include "common/simt/block.hpp"
#include "common/simt/fault.hpp"
#include "common/simt/runtime.hpp"

namespace cnn::simt {

/// How many CPU threads share the blocks of a grid; 0: as many as this process
/// may use. One where accesses are traced.
void set_cpu_threads(int threads);
/// The order in which a block's threads take their turns, kForward at first.
void set_order(Order order);

/// Checks the limits, then runs all blocks. Returns what cudaGetLastError()
/// would after the launch; throws KernelFault for what the kernel did wrong, of
/// the first block that did.
cudaError_t run(Grid grid);

/// Where an argument points to; null when it is none that does.
template <class T>
const void* pointer_or_null([[maybe_unused]] const T& argument) {
  if constexpr (std::is_pointer_v<T>) {
    return argument;
  } else {
    return nullptr;
  }
}

/// The same for any kernel and its arguments, in any stream: all are done at
/// once.
template <class... Parameters, class... Arguments>
cudaError_t run_kernel(void (*kernel)(Parameters...), const dim3& blocks,
                       const dim3& threads, std::size_t shared_bytes,
                       cudaStream_t /*stream*/, const Arguments&... arguments) {
  struct Call {
    void (*kernel)(Parameters...);
    std::tuple<std::decay_t<Parameters>...> arguments;
  };
  const Call call{kernel, {static_cast<Parameters>(arguments)...}};
  const std::array<const void*, sizeof...(Arguments)> pointers{
      pointer_or_null(arguments)...};
  Grid grid;
  grid.pointers = pointers;
  grid.blocks = blocks;
  grid.threads = threads;
  grid.shared_bytes = shared_bytes;
  grid.kernel = reinterpret_cast<const void*>(kernel);
  grid.call = [](const void* made) {
    const Call& made_call = *static_cast<const Call*>(made);
    std::apply(made_call.kernel, made_call.arguments);
  };
  grid.arguments = &call;
  grid.argument_bytes = sizeof(call);
  return run(grid);
}

}  // namespace cnn::simt
