// region quiet: includes
#include "chapters/06_tiled_cuda_adam/channel_sums.hpp"

#include <algorithm>

#include "chapters/06_tiled_cuda_adam/add_parts.hpp"
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
/// So many that all multiprocessors are full, eight blocks each, but no share
/// so small that a thread would have less than 16 numbers to add.
Shares share_out(const Shape& shape, int multiprocessors) {
  constexpr int kBlocksEach = 8;
  constexpr int kFewest = 16 * kSumThreads;
  const int numbers =
      static_cast<int>(shape.batch * shape.height * shape.width);
  const int wanted =
      kBlocksEach * multiprocessors / static_cast<int>(shape.channels);
  const int count = std::clamp(wanted, 1, pieces(numbers, kFewest));
  const int size = pieces(numbers, count);
  return {numbers, pieces(numbers, size), size};
}

}  // namespace
// endregion

// region channel-sums-launch
std::int64_t channel_sums_workspace(const Shape& shape, int multiprocessors) {
  const int count = share_out(shape, multiprocessors).count;
  return count == 1 ? 0 : count * shape.channels;
}

void channel_sums(const Shape& shape, int multiprocessors, const float* values,
                  float* sums, float* workspace, const Stream& stream) {
  const Shares shares = share_out(shape, multiprocessors);
  const int channels = static_cast<int>(shape.channels);
  const int plane = static_cast<int>(shape.height * shape.width);
  const bool whole = shares.count == 1;
  launch(sum_shares,
         {dim3(static_cast<unsigned>(channels),
               static_cast<unsigned>(shares.count)),
          dim3(kSumThreads)},
         stream, shares, channels, plane, FastDivisor(plane), values,
         whole ? sums : workspace);
  if (!whole) add_parts(workspace, shares.count, channels, sums, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
