// region quiet: includes
#include <stdexcept>

#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "chapters/05_naive_cuda/plain_block.hpp"
#include "chapters/06_tiled_cuda_adam/channel_slices.cuh"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region gradient-sum-pair
namespace {

constexpr int kNobody = 255;

/// The two sums that a channel's gradients need.
struct GradientSums {
  float gradient;
  float product;  ///< of gradients with distances from the mean

  __device__ void add(float of_number, float away) {
    gradient += of_number;
    product += of_number * away;
  }
};

__device__ GradientSums operator+(const GradientSums& a,
                                  const GradientSums& b) {
  return {a.gradient + b.gradient, a.product + b.product};
}

__device__ GradientSums value_from(const GradientSums& own, int lanes_on) {
  return {cnn::value_from(own.gradient, lanes_on),
          cnn::value_from(own.product, lanes_on)};
}
// endregion

// region tiled-sum-gradients
/// A block for each slice of a channel, without ReLU and pool.
template <int kWidth>
__global__ void __launch_bounds__(kSliceThreads)
    sum_gradients(ChannelSlices s, const float* means,
                  const float* __restrict__ input,
                  const float* __restrict__ output_gradient,
                  GradientSums* __restrict__ of_slice) {
  const auto c = static_cast<int>(blockIdx.x);
  const float mean = means[c];
  GradientSums own{};
  s.for_own([&](int j) {
    const int place = kWidth * s.place(c, j);
    float numbers[kWidth];
    float gradients[kWidth];
    read_neighbours<kWidth>(input + place, numbers);
    read_neighbours<kWidth>(output_gradient + place, gradients);
    for (int k = 0; k < kWidth; ++k) own.add(gradients[k], numbers[k] - mean);
  });
  const GradientSums sum = block_sum<kSliceThreads>(own);
  if (threadIdx.x == 0) of_slice[own_slice()] = sum;
}
// endregion

// region tiled-sum-winners
/// Sizes of planes before and after pooling.
struct PlaneSizes {
  int height;
  int width;
  int windows_down;
  int windows_across;
  FastDivisor by_windows_across;
};

/// The same where numbers were pooled: a slice of windows, of which each has
/// one number with a gradient, or none.
template <int kPool>
__global__ void __launch_bounds__(kSliceThreads)
    sum_winners(ChannelSlices s, PlaneSizes p, const float* means,
                const float* __restrict__ input,
                const float* __restrict__ output_gradient,
                const std::uint8_t* __restrict__ winners,
                GradientSums* __restrict__ of_slice) {
  const auto c = static_cast<int>(blockIdx.x);
  const float mean = means[c];
  GradientSums own{};
  s.for_own([&](int j) {
    const int window = s.place(c, j);
    const int winner = winners[window];
    if (winner == kNobody) return;
    const int n = s.by_pixels.quotient(j);
    const int in_plane = s.by_pixels.remainder(j, n);
    const int y = p.by_windows_across.quotient(in_plane);
    const int x = p.by_windows_across.remainder(in_plane, y);
    const int first_row = (n * s.channels + c) * p.height;
    const int place = (first_row + y * kPool + winner / kPool) * p.width +
                      x * kPool + winner % kPool;
    own.add(output_gradient[window], input[place] - mean);
  });
  const GradientSums sum = block_sum<kSliceThreads>(own);
  if (threadIdx.x == 0) of_slice[own_slice()] = sum;
}

/// A warp for each channel.
__global__ void finish_gradients(ChannelSlices s,
                                 const float* inverse_deviation,
                                 const GradientSums* of_slice,
                                 float* scale_gradient, float* shift_gradient) {
  const int c = channel_of_warp();
  if (c >= s.channels) return;
  const GradientSums all = sum_of_slices(of_slice, c, s.count);
  if (threadIdx.x % 32 != 0) return;
  scale_gradient[c] = all.product * inverse_deviation[c];
  shift_gradient[c] = all.gradient;
}
// endregion

// region gradient-line
/// A number moves its channel's mean and deviation, and by them every other
/// number: that part of the gradient is the same two sums for all.
struct GradientLine {
  float mean;
  float factor;
  float level;
  float slope;

  __device__ GradientLine(const BatchNormArrays& arrays, float share,
                          const float* scale_gradient,
                          const float* shift_gradient, int c)
      : mean(arrays.mean[c]),
        factor(arrays.scale[c] * arrays.inverse_deviation[c]),
        level(shift_gradient[c] * share),
        slope(arrays.inverse_deviation[c] * scale_gradient[c] * share) {}
  __device__ float operator()(float number, float gradient) const {
    return factor * (gradient - (level + (number - mean) * slope));
  }
};
// endregion

// region tiled-spread-gradient
/// Every thread has kWidth neighbours. The gradient may be written over the
/// input. `share` is 1 / numbers of a channel.
template <int kWidth>
__global__ void spread_neighbours(int groups, FastDivisor pixels,
                                  FastDivisor channels, BatchNormArrays arrays,
                                  float share, const float* scale_gradient,
                                  const float* shift_gradient,
                                  const float* input,
                                  const float* output_gradient,
                                  float* input_gradient) {
  const int i = this_output();
  if (i >= groups) return;
  const int plane = pixels.quotient(i);
  const int c = channels.remainder(plane, channels.quotient(plane));
  const GradientLine line(arrays, share, scale_gradient, shift_gradient, c);
  float numbers[kWidth];
  float gradients[kWidth];
  read_neighbours<kWidth>(input + kWidth * i, numbers);
  read_neighbours<kWidth>(output_gradient + kWidth * i, gradients);
  for (int k = 0; k < kWidth; ++k) numbers[k] = line(numbers[k], gradients[k]);
  write_neighbours<kWidth>(numbers, input_gradient + kWidth * i);
}
// endregion

// region tiled-spread-winners
/// One thread for each pixel: it asks its window whether it has won.
template <int kPool>
__global__ void spread_winners(int size, PlaneSizes p, FastDivisor width,
                               FastDivisor height, FastDivisor channels,
                               BatchNormArrays arrays, float share,
                               const float* scale_gradient,
                               const float* shift_gradient, const float* input,
                               const float* output_gradient,
                               const std::uint8_t* winners,
                               float* input_gradient) {
  const int i = this_output();
  if (i >= size) return;
  const int row = width.quotient(i);
  const int plane = height.quotient(row);
  const int c = channels.remainder(plane, channels.quotient(plane));
  const int x = width.remainder(i, row);
  const int y = height.remainder(row, plane);
  float gradient = 0;
  if (y / kPool < p.windows_down && x / kPool < p.windows_across) {
    const int window =
        (plane * p.windows_down + y / kPool) * p.windows_across + x / kPool;
    const int mark = y % kPool * kPool + x % kPool;
    if (winners[window] == mark) gradient = output_gradient[window];
  }
  const GradientLine line(arrays, share, scale_gradient, shift_gradient, c);
  input_gradient[i] = line(input[i], gradient);
}

// endregion

// region tiled-backward-arguments
/// What the way back works on, for both kinds of block.
struct WayBack {
  const BatchNormBlock& block;
  const BatchNormArrays& arrays;
  const float* input;
  const float* output_gradient;
  const std::uint8_t* winners;
  float* input_gradient;
  float* scale_gradient;
  float* shift_gradient;
  GradientSums* of_slice;

  Shape shape() const { return block.input; }
  int pixels() const {
    return static_cast<int>(block.input.height * block.input.width);
  }
  FastDivisor channels() const {
    return FastDivisor(static_cast<int>(block.input.channels));
  }
  /// 1 / numbers of a channel.
  float share() const {
    return 1 / static_cast<float>(block.input.batch * pixels());
  }
};

void add_slices(const WayBack& g, const ChannelSlices& slices,
                const Stream& stream) {
  launch(finish_gradients, slices.warps(), stream, slices,
         g.arrays.inverse_deviation, g.of_slice, g.scale_gradient,
         g.shift_gradient);
}
// endregion

// region tiled-backward-plain
void backward_plain(const WayBack& g, const Stream& stream) {
  const int pixels = g.pixels();
  const bool fours =
      in_fours(g.input, pixels) && in_fours(g.output_gradient, pixels);
  const ChannelSlices slices(g.shape(), fours ? 4 : 1);
  launch(fours ? sum_gradients<4> : sum_gradients<1>, slices.blocks(), stream,
         slices, g.arrays.mean, g.input, g.output_gradient, g.of_slice);
  add_slices(g, slices, stream);
  if (!g.input_gradient) return;
  const bool all_fours = fours && in_fours(g.input_gradient, pixels);
  const int width = all_fours ? 4 : 1;
  launch_for_each(g.shape().size() / width, stream,
                  all_fours ? spread_neighbours<4> : spread_neighbours<1>,
                  FastDivisor(pixels / width), g.channels(), g.arrays,
                  g.share(), g.scale_gradient, g.shift_gradient, g.input,
                  g.output_gradient, g.input_gradient);
}
// endregion

// region tiled-backward-winners
template <int kPool>
void backward_winners(const WayBack& g, const Stream& stream) {
  const Shape output = g.block.output();
  const PlaneSizes planes{
      .height = static_cast<int>(g.shape().height),
      .width = static_cast<int>(g.shape().width),
      .windows_down = static_cast<int>(output.height),
      .windows_across = static_cast<int>(output.width),
      .by_windows_across = FastDivisor(static_cast<int>(output.width))};
  const ChannelSlices slices(output, 1);
  launch(sum_winners<kPool>, slices.blocks(), stream, slices, planes,
         g.arrays.mean, g.input, g.output_gradient, g.winners, g.of_slice);
  add_slices(g, slices, stream);
  if (!g.input_gradient) return;
  launch_for_each(g.shape().size(), stream, spread_winners<kPool>, planes,
                  FastDivisor(planes.width), FastDivisor(planes.height),
                  g.channels(), g.arrays, g.share(), g.scale_gradient,
                  g.shift_gradient, g.input, g.output_gradient, g.winners,
                  g.input_gradient);
}

}  // namespace
// endregion

// region tiled-batch-norm-backward
void TiledBackend::batch_norm_backward(
    const BatchNormBlock& block, const BatchNormArrays& arrays,
    ConstArray input, ConstArray output_gradient, ConstByteArray winners,
    Array input_gradient, Array scale_gradient, Array shift_gradient) {
  const WayBack back{block,
                     arrays,
                     input,
                     output_gradient,
                     winners,
                     input_gradient,
                     scale_gradient,
                     shift_gradient,
                     reinterpret_cast<GradientSums*>(channel_parts_)};
  if (!fuses(block)) {
    throw std::logic_error("this backend does not fuse that: fuses() says so");
  }
  if (is_plain(block)) {
    backward_plain(back, stream());
  } else if (block.pool == 1) {
    backward_winners<1>(back, stream());
  } else {
    backward_winners<2>(back, stream());
  }
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
