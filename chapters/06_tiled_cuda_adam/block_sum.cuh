// region quiet: includes
#pragma once

#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region warp-sum
inline constexpr unsigned kWholeWarp = 0xFFFFFFFF;

/// The value of the lane so many further on. For other types than float, an
/// overload beside the type.
__device__ inline float value_from(float value, int lanes_on) {
  return __shfl_down_sync(kWholeWarp, value, static_cast<unsigned>(lanes_on));
}

/// The sum over a warp, in lane 0; the others have sums of no use. Five rounds,
/// from register to register: each lane adds the value of the lane 16 further
/// on, then 8, 4, 2, 1. Always the same pairs, so always the same bits. Every
/// lane of the warp has to come.
template <class T>
__device__ T warp_sum(T value) {
#pragma unroll
  for (int distance = 16; distance > 0; distance /= 2) {
    value = value + value_from(value, distance);
  }
  return value;
}
// endregion

// region block-sum
/// The sum over a block of kThreads threads, whole warps, in thread 0. Every
/// warp adds up its own; the first warp adds up what they have, which is all
/// that goes through shared memory. `T{}` is a sum of nothing. Every thread of
/// the block has to come.
template <int kThreads, class T>
__device__ T block_sum(T value) {
  constexpr int kWarps = kThreads / 32;
  static_assert(kThreads % 32 == 0 && kWarps <= 32);
  __shared__ T of_warp[kWarps];
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int warp = static_cast<int>(threadIdx.x) / 32;
  value = warp_sum(value);
  if (lane == 0) of_warp[warp] = value;
  __syncthreads();
  if (warp == 0) value = warp_sum(lane < kWarps ? of_warp[lane] : T{});
  __syncthreads();  // of_warp may be used again
  return value;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
