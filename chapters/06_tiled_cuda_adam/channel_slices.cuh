// region quiet: includes
#pragma once

#include <algorithm>
#include <cstdint>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "chapters/06_tiled_cuda_adam/block_sum.cuh"
#include "chapters/06_tiled_cuda_adam/fast_divisor.hpp"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region channel-slices
/// A channel's partial sums are added by one warp: a lane for each.
inline constexpr int kMostSlices = 32;
inline constexpr int kSliceThreads = 256;

/// The numbers of a channel, over the batch, cut into slices: one block adds up
/// one slice. How many depends on the sizes alone, not on the GPU, and so do
/// the bits of the sums. Counted in groups of neighbours that are read at once.
struct ChannelSlices {
  int channels;
  int pixels;  ///< groups in a plane
  FastDivisor by_pixels;
  int numbers;  ///< groups in a channel
  int slice;    ///< groups in a slice; the last one may have fewer
  int count;    ///< slices of a channel

  ChannelSlices(const Shape& shape, int width)
      : channels(static_cast<int>(shape.channels)),
        pixels(static_cast<int>(shape.height * shape.width) / width),
        by_pixels(pixels),
        numbers(static_cast<int>(shape.batch) * pixels) {
    constexpr int kLeast = 2048;  // numbers of a slice: eight for each thread
    const int wanted = std::clamp(numbers * width / kLeast, 1, kMostSlices);
    slice = pieces(numbers, wanted);
    count = pieces(numbers, slice);
  }

  /// Where group `j` of a channel lies, in groups.
  __device__ int place(int channel, int j) const {
    const int n = by_pixels.quotient(j);
    return (n * channels + channel) * pixels + by_pixels.remainder(j, n);
  }
  /// Calls body(j) for this thread's groups of this block's slice.
  template <class Body>
  __device__ void for_own(const Body& body) const {
    const int begin = static_cast<int>(blockIdx.y) * slice;
    const int end = min(begin + slice, numbers);
    for (int j = begin + static_cast<int>(threadIdx.x); j < end;
         j += kSliceThreads) {
      body(j);
    }
  }
  /// Blocks: channels along x, slices along y.
  LaunchShape blocks() const {
    return {dim3(static_cast<unsigned>(channels), static_cast<unsigned>(count)),
            dim3(kSliceThreads)};
  }
  /// For the sums of the slices: a warp for each channel.
  LaunchShape warps() const {
    constexpr int kWarps = kSliceThreads / 32;
    return {dim3(static_cast<unsigned>(pieces(channels, kWarps))),
            dim3(kSliceThreads)};
  }
};
// endregion

// region slice-sums
/// Where this block leaves the sum of its slice.
__device__ inline int own_slice() {
  return static_cast<int>(blockIdx.x) * kMostSlices +
         static_cast<int>(blockIdx.y);
}

/// The channel of this warp.
__device__ inline int channel_of_warp() {
  return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x) / 32;
}

/// The sum over the slices of a channel, in lane 0.
template <class T>
__device__ T sum_of_slices(const T* of_slice, int channel, int slices) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  return warp_sum(lane < slices ? of_slice[channel * kMostSlices + lane] : T{});
}
// endregion

// region neighbours-at-once
/// kWidth neighbours, 1 or 4, by one instruction.
template <int kWidth>
__device__ void read_neighbours(const float* from, float* to) {
  static_assert(kWidth == 1 || kWidth == 4);
  if constexpr (kWidth == 4) {
    read4(from, to);
  } else {
    to[0] = from[0];
  }
}

/// The other way.
template <int kWidth>
__device__ void write_neighbours(const float* from, float* to) {
  static_assert(kWidth == 1 || kWidth == 4);
  if constexpr (kWidth == 4) {
    write4(from, to);
  } else {
    to[0] = from[0];
  }
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
