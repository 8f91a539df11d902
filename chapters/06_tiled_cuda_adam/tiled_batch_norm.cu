// region quiet: includes
#include <cmath>

#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "chapters/05_naive_cuda/plain_block.hpp"
#include "chapters/06_tiled_cuda_adam/channel_slices.cuh"
#include "chapters/06_tiled_cuda_adam/moments.cuh"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_batch_norm.hpp"
#include "chapters/06_tiled_cuda_adam/window.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-find-moments
namespace {

/// A block for each slice of a channel: its numbers are read once, for mean and
/// variance together.
template <int kWidth>
__global__ void __launch_bounds__(kSliceThreads)
    find_moments(ChannelSlices s, const float* __restrict__ input,
                 Moments* __restrict__ of_slice) {
  const auto c = static_cast<int>(blockIdx.x);
  RunningMoments own;
  s.for_own([&](int j) {
    float numbers[kWidth];
    read_neighbours<kWidth>(input + kWidth * s.place(c, j), numbers);
    for (const float number : numbers) own.add(number);
  });
  const Moments sum = block_sum<kSliceThreads>(own.moments());
  if (threadIdx.x == 0) of_slice[own_slice()] = sum;
}

/// A warp for each channel.
__global__ void finish_statistics(ChannelSlices s, BatchNormArrays arrays,
                                  float momentum, float epsilon,
                                  const Moments* of_slice) {
  const int c = channel_of_warp();
  if (c >= s.channels) return;
  const Moments all = sum_of_slices(of_slice, c, s.count);
  if (threadIdx.x % 32 != 0) return;
  arrays.mean[c] = all.mean;
  arrays.inverse_deviation[c] = 1 / sqrtf(all.squares / all.count + epsilon);
  arrays.running_mean[c] += momentum * (all.mean - arrays.running_mean[c]);
  arrays.running_variance[c] +=
      momentum * (all.squares / (all.count - 1) - arrays.running_variance[c]);
}
// endregion

// region channel-line
/// What normalising is for one channel: a line.
struct ChannelLine {
  float mean;
  float factor;
  float shift;

  __device__ ChannelLine(const BatchNormArrays& arrays, const float* means,
                         int c)
      : mean(means[c]),
        factor(arrays.scale[c] * arrays.inverse_deviation[c]),
        shift(arrays.shift[c]) {}
  __device__ float operator()(float number) const {
    return (number - mean) * factor + shift;
  }
};
// endregion

// region tiled-normalise
/// Every thread normalises kWidth neighbours, and marks those that ReLU lets
/// pass, if there is one.
template <int kWidth>
__global__ void normalise_neighbours(int groups, FastDivisor pixels,
                                     FastDivisor channels,
                                     BatchNormArrays arrays, const float* means,
                                     bool relu, const float* input,
                                     float* output, std::uint8_t* winners) {
  const int i = this_output();
  if (i >= groups) return;
  const int plane = pixels.quotient(i);
  const int c = channels.remainder(plane, channels.quotient(plane));
  const ChannelLine line(arrays, means, c);
  float numbers[kWidth];
  read_neighbours<kWidth>(input + kWidth * i, numbers);
  std::uint8_t marks[kWidth];
  for (int k = 0; k < kWidth; ++k) {
    numbers[k] = line(numbers[k]);
    marks[k] = numbers[k] > 0 ? std::uint8_t{0} : kNobody;
    if (relu && numbers[k] < 0) numbers[k] = 0;  // NaN stays
  }
  write_neighbours<kWidth>(numbers, output + kWidth * i);
  if (!winners) return;
  if constexpr (kWidth == 4) {
    reinterpret_cast<uchar4*>(winners)[i] =
        make_uchar4(marks[0], marks[1], marks[2], marks[3]);
  } else {
    winners[i] = marks[0];
  }
}
// endregion

// region tiled-normalise-windows
/// Windows of 2x2 pixels, in 32 bits.
struct WindowSizes {
  int height;  ///< of the input
  int width;
  FastDivisor across;  ///< windows side by side
  FastDivisor down;
  FastDivisor channels;
};

/// One thread for each window: what is normalised is not written down, but for
/// the largest of four.
template <bool kPairs>
__global__ void normalise_windows(int windows, WindowSizes s,
                                  BatchNormArrays arrays, const float* means,
                                  bool relu, const float* input, float* output,
                                  std::uint8_t* winners) {
  const int i = this_output();
  if (i >= windows) return;
  const int row = s.across.quotient(i);
  const int plane = s.down.quotient(row);
  const int c = s.channels.remainder(plane, s.channels.quotient(plane));
  const int y = 2 * s.down.remainder(row, plane);
  const int x = 2 * s.across.remainder(i, row);
  const ChannelLine line(arrays, means, c);
  float four[4];
  read_window<kPairs>(input + (plane * s.height + y) * s.width + x, s.width,
                      four);
  Winner winner;
  for (int k = 0; k < 4; ++k) winner.meet(line(four[k]), k);
  if (relu) winner.rectify();
  output[i] = winner.value;
  if (winners) winners[i] = winner.number;
}

WindowSizes sizes_of(const BatchNormBlock& block) {
  const Shape output = block.output();
  return {.height = static_cast<int>(block.input.height),
          .width = static_cast<int>(block.input.width),
          .across = FastDivisor(static_cast<int>(output.width)),
          .down = FastDivisor(static_cast<int>(output.height)),
          .channels = FastDivisor(static_cast<int>(output.channels))};
}
// endregion

// region tiled-normalise-launch
void normalise(const BatchNormBlock& block, const BatchNormArrays& arrays,
               const float* means, const float* input, float* output,
               std::uint8_t* winners, const Stream& stream) {
  if (block.pool == 2) {
    launch_for_each(block.output().size(), stream,
                    in_pairs(block.input, input) ? normalise_windows<true>
                                                 : normalise_windows<false>,
                    sizes_of(block), arrays, means, block.relu, input, output,
                    winners);
    return;
  }
  const auto pixels = static_cast<int>(block.input.height * block.input.width);
  const bool fours = in_fours(input, pixels) && in_fours(output, pixels);
  const int width = fours ? 4 : 1;
  launch_for_each(block.input.size() / width, stream,
                  fours ? normalise_neighbours<4> : normalise_neighbours<1>,
                  FastDivisor(pixels / width),
                  FastDivisor(static_cast<int>(block.input.channels)), arrays,
                  means, block.relu, input, output, winners);
}

}  // namespace
// endregion

// region tiled-batch-norm-forward
void TiledBackend::batch_norm_forward(const BatchNormBlock& block,
                                      const BatchNormArrays& arrays,
                                      float momentum, float epsilon,
                                      ConstArray input, Array output,
                                      ByteArray winners) {
  require_fused(*this, block);
  const auto pixels = static_cast<int>(block.input.height * block.input.width);
  const bool fours = in_fours(input, pixels);
  const ChannelSlices slices(block.input, fours ? 4 : 1);
  auto* const of_slice = reinterpret_cast<Moments*>(channel_parts_);
  launch(fours ? find_moments<4> : find_moments<1>, slices.blocks(), stream(),
         slices, input, of_slice);
  launch(finish_statistics, slices.warps(), stream(), slices, arrays, momentum,
         epsilon, of_slice);
  normalise(block, arrays, arrays.mean, input, output,
            winners_size(block) > 0 ? winners : nullptr, stream());
}
// endregion

// region tiled-batch-norm-inference
namespace {

__global__ void invert_deviation(int channels, float epsilon,
                                 BatchNormArrays arrays) {
  const int c = this_output();
  if (c >= channels) return;
  arrays.inverse_deviation[c] = 1 / sqrtf(arrays.running_variance[c] + epsilon);
}

}  // namespace

void TiledBackend::batch_norm_inference(const BatchNormBlock& block,
                                        const BatchNormArrays& arrays,
                                        float epsilon, ConstArray input,
                                        Array output) {
  require_fused(*this, block);
  launch_for_each(block.input.channels, stream(), invert_deviation, epsilon,
                  arrays);
  normalise(block, arrays, arrays.running_mean, input, output, nullptr,
            stream());
}
// endregion

// region tiled-batch-norm-block
bool TiledBackend::fuses(const BatchNormBlock& block) const {
  if (block.pool == 1) return true;
  return block.pool == 2 && block.input.height >= 2 && block.input.width >= 2;
}

void TiledBackend::reserve_batch_norm(const BatchNormBlock& block) {
  require_fused(*this, block);
  block.validate();
  require_countable(block.input.size(), "a batch normalisation's input");
  if (block.input.channels <= part_channels_) return;
  part_channels_ = block.input.channels;
  channel_parts_ = allocate(part_channels_ * kMostSlices *
                            std::int64_t{sizeof(Moments) / sizeof(float)});
}

std::int64_t TiledBackend::winners_size(const BatchNormBlock& block) const {
  return is_plain(block) ? 0 : block.output().size();
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
