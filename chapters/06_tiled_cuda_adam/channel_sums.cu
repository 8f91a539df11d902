// region quiet: includes
#include "chapters/06_tiled_cuda_adam/channel_sums.hpp"

#include <algorithm>

#include "chapters/06_tiled_cuda_adam/block_sum.cuh"
#include "chapters/06_tiled_cuda_adam/fast_divisor.hpp"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region channel-sums-kernel
namespace {

constexpr int kSumThreads = 256;

/// How the numbers of each channel are shared out to blocks.
struct Shares {
  int numbers;  ///< of a channel, in all images
  int count;    ///< blocks for a channel
  int size;     ///< numbers of a block; the last may have fewer
};

/// Block (channel, share): its threads walk side by side through the channel's
/// numbers, image after image, and the block adds up what they have.
__global__ void __launch_bounds__(kSumThreads)
    sum_shares(Shares shares, int channels, int plane, FastDivisor by_plane,
               const float* __restrict__ values, float* __restrict__ sums) {
  const int channel = static_cast<int>(blockIdx.x);
  const int share = static_cast<int>(blockIdx.y);
  const int begin = share * shares.size;
  const int end = min(begin + shares.size, shares.numbers);
  float sum = 0;
#pragma unroll 4
  for (int i = begin + static_cast<int>(threadIdx.x); i < end;
       i += kSumThreads) {
    const int image = by_plane.quotient(i);
    const int pixel = by_plane.remainder(i, image);
    sum += values[(image * channels + channel) * plane + pixel];
  }
  sum = block_sum<kSumThreads>(sum);
  if (threadIdx.x == 0) sums[share * channels + channel] = sum;
}
// endregion

// region channel-sums-shares
/// So many that a large chip is full, but no share so small that a thread would
/// have less than 16 numbers to add.
Shares share_out(const Shape& shape) {
  constexpr int kBlocks = 1024;
  constexpr int kFewest = 16 * kSumThreads;
  const int numbers =
      static_cast<int>(shape.batch * shape.height * shape.width);
  const int wanted = kBlocks / static_cast<int>(shape.channels);
  const int count = std::clamp(wanted, 1, pieces(numbers, kFewest));
  const int size = pieces(numbers, count);
  return {numbers, pieces(numbers, size), size};
}

}  // namespace
// endregion

// region channel-sums-launch
PartialSums channel_parts(const Shape& shape, float* sums, float* workspace) {
  return {.result = sums,
          .parts = workspace,
          .count = share_out(shape).count,
          .size = static_cast<int>(shape.channels)};
}

std::int64_t channel_sums_workspace(const Shape& shape) {
  return channel_parts(shape, nullptr, nullptr).room();
}

void sum_channels(const Shape& shape, const float* values,
                  const PartialSums& sums, const Stream& stream) {
  const int plane = static_cast<int>(shape.height * shape.width);
  launch(sum_shares,
         {dim3(static_cast<unsigned>(sums.size),
               static_cast<unsigned>(sums.count)),
          dim3(kSumThreads)},
         stream, share_out(shape), sums.size, plane, FastDivisor(plane), values,
         sums.target());
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
