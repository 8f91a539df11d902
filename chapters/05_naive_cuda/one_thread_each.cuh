// region quiet: includes
#pragma once

#include <algorithm>
#include <cstdint>

#include "chapters/05_naive_cuda/cuda_backend.hpp"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region this-output
/// Which output this thread computes: its number in the grid. Neighbours in a
/// warp have neighbouring outputs.
inline __device__ int this_output() {
  return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}
// endregion

// region one-thread-each
/// Enough blocks for one thread each; the last block may have some to spare.
/// Few outputs make one small block, of whole warps.
/// Throws InputError when this_output() could not count them.
inline LaunchShape one_thread_each(std::int64_t outputs) {
  constexpr std::int64_t kWarp = 32;
  constexpr std::int64_t kThreads = 256;  // in a block
  require_countable(outputs, "a kernel's outputs");
  const std::int64_t warps = (outputs + kWarp - 1) / kWarp;
  const std::int64_t threads = std::min(warps * kWarp, kThreads);
  const std::int64_t blocks = (outputs + threads - 1) / threads;
  return {dim3(static_cast<unsigned>(blocks)),
          dim3(static_cast<unsigned>(threads))};
}
// endregion

// region launch-for-each
/// Launches a kernel with one thread for each output. The kernel's first
/// parameter is how many there are: threads past the end go home.
template <class... Parameters, class... Arguments>
void launch_for_each(std::int64_t outputs, const Stream& stream,
                     void (*kernel)(int, Parameters...),
                     Arguments... arguments) {
  if (outputs == 0) return;  // a grid of no blocks is an error
  launch(kernel, one_thread_each(outputs), stream, static_cast<int>(outputs),
         arguments...);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
