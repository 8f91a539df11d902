// region quiet: includes
#include "chapters/05_naive_cuda/plain_block.hpp"
#include "chapters/06_tiled_cuda_adam/channel_slices.cuh"
#include "chapters/06_tiled_cuda_adam/tiled_batch_norm.hpp"
#include "chapters/06_tiled_cuda_adam/window.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region gradient-sum-pair
namespace {

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
    sum_neighbours(ChannelSlices s, const float* means,
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
// endregion

// region tiled-finish-gradients
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

// region tiled-sum-launch
/// Leaves the sums of all slices in `of_slice`; says how they were cut.
ChannelSlices sum_slices(const WayBack& g, GradientSums* of_slice,
                         const Stream& stream) {
  if (is_plain(g.block)) {
    const Shape& shape = g.block.input;
    const auto pixels = static_cast<int>(shape.height * shape.width);
    const bool fours =
        in_fours(g.input, pixels) && in_fours(g.output_gradient, pixels);
    const ChannelSlices slices(shape, fours ? 4 : 1);
    launch(fours ? sum_neighbours<4> : sum_neighbours<1>, slices.blocks(),
           stream, slices, g.arrays.mean, g.input, g.output_gradient, of_slice);
    return slices;
  }
  const ChannelSlices slices(g.block.output(), 1);
  launch(g.block.pool == 1 ? sum_winners<1> : sum_winners<2>, slices.blocks(),
         stream, slices, planes_of(g.block), g.arrays.mean, g.input,
         g.output_gradient, g.winners, of_slice);
  return slices;
}

}  // namespace

void sum_gradients(const WayBack& g, const Stream& stream) {
  auto* const of_slice = reinterpret_cast<GradientSums*>(g.parts);
  const ChannelSlices slices = sum_slices(g, of_slice, stream);
  launch(finish_gradients, slices.warps(), stream, slices,
         g.arrays.inverse_deviation, of_slice, g.scale_gradient,
         g.shift_gradient);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
