// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region up-to-four
/// Four neighbours by one instruction, or as many as are `left` one by one;
/// the rest of `to` becomes 0.
__device__ inline void read_up_to_4(const float* from, int left, float* to) {
  if (left >= 4) return read4(from, to);
#pragma unroll
  for (int k = 0; k < 4; ++k) to[k] = k < left ? from[k] : 0;
}

/// Likewise the other way.
__device__ inline void write_up_to_4(const float* from, int left, float* to) {
  if (left >= 4) return write4(from, to);
#pragma unroll
  for (int k = 0; k < 4; ++k) {
    if (k < left) to[k] = from[k];
  }
}
// endregion

// region launch-for-fours
/// Whether all arrays begin where four numbers can be read at once.
template <class... Arrays>
bool all_in_fours(Arrays... arrays) {
  return (... && (reinterpret_cast<std::uintptr_t>(arrays) % 16 == 0));
}

/// Launches a kernel with a thread for every four of `count` numbers. The
/// kernel's first parameter is the count; this_output() * 4 is a thread's first
/// number, and the last thread may have fewer than four.
template <class... Parameters, class... Arguments>
void launch_for_fours(std::int64_t count, const Stream& stream,
                      void (*kernel)(int, Parameters...),
                      Arguments... arguments) {
  if (count == 0) return;
  require_countable(count, "a kernel's numbers");
  launch(kernel, one_thread_each((count + 3) / 4), stream,
         static_cast<int>(count), arguments...);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
