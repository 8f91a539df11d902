// region quiet: includes
#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "chapters/05_naive_cuda/plain_block.hpp"
#include "chapters/06_tiled_cuda_adam/channel_slices.cuh"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_batch_norm.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region gradient-line
namespace {

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

// region tiled-spread-launch
/// 1 / numbers of a channel.
float share_of(const Shape& shape) {
  return 1 / static_cast<float>(shape.batch * shape.height * shape.width);
}

void spread_plain(const WayBack& g, const Stream& stream) {
  const Shape& shape = g.block.input;
  const auto pixels = static_cast<int>(shape.height * shape.width);
  const bool fours = in_fours(g.input, pixels) &&
                     in_fours(g.output_gradient, pixels) &&
                     in_fours(g.input_gradient, pixels);
  const int width = fours ? 4 : 1;
  launch_for_each(shape.size() / width, stream,
                  fours ? spread_neighbours<4> : spread_neighbours<1>,
                  FastDivisor(pixels / width),
                  FastDivisor(static_cast<int>(shape.channels)), g.arrays,
                  share_of(shape), g.scale_gradient, g.shift_gradient, g.input,
                  g.output_gradient, g.input_gradient);
}

}  // namespace

void spread_gradients(const WayBack& g, const Stream& stream) {
  if (is_plain(g.block)) return spread_plain(g, stream);
  const Shape& shape = g.block.input;
  const PlaneSizes planes = planes_of(g.block);
  launch_for_each(shape.size(), stream,
                  g.block.pool == 1 ? spread_winners<1> : spread_winners<2>,
                  planes, FastDivisor(planes.width), FastDivisor(planes.height),
                  FastDivisor(static_cast<int>(shape.channels)), g.arrays,
                  share_of(shape), g.scale_gradient, g.shift_gradient, g.input,
                  g.output_gradient, g.winners, g.input_gradient);
}
// endregion

// region tiled-batch-norm-backward
void TiledBackend::batch_norm_backward(
    const BatchNormBlock& block, const BatchNormArrays& arrays,
    ConstArray input, ConstArray output_gradient, ConstByteArray winners,
    Array input_gradient, Array scale_gradient, Array shift_gradient) {
  require_fused(*this, block);
  const WayBack back{block,           arrays,         input,
                     output_gradient, winners,        input_gradient,
                     scale_gradient,  shift_gradient, channel_parts_};
  sum_gradients(back, stream());
  if (input_gradient) spread_gradients(back, stream());
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
