// region quiet: includes
#include "chapters/05_naive_cuda/convolution_sizes.hpp"
#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "chapters/05_naive_cuda/plain_block.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region naive-convolution-forward
namespace {

/// The four outer ones of chapter 1's seven loops are gone: there is a thread
/// for each of their rounds.
__global__ void convolve(int outputs, ConvolutionSizes s,
                         const float* __restrict__ input,
                         const float* __restrict__ filter,
                         const float* __restrict__ bias,
                         float* __restrict__ output) {
  const int i = this_output();
  if (i >= outputs) return;
  const int x = i % s.output_width;
  const int y = i / s.output_width % s.output_height;
  const int plane = i / (s.output_width * s.output_height);
  const int o = plane % s.output_channels;
  const int n = plane / s.output_channels;

  float sum = 0;
  for (int c = 0; c < s.input_channels; ++c) {
    const float* from =
        input + (n * s.input_channels + c) * s.input_height * s.input_width;
    const float* weights =
        filter + (o * s.input_channels + c) * s.kernel_height * s.kernel_width;
    for (int ky = 0; ky < s.kernel_height; ++ky) {
      for (int kx = 0; kx < s.kernel_width; ++kx) {
        const int iy = y * s.stride + ky - s.padding;
        const int ix = x * s.stride + kx - s.padding;
        if (iy < 0 || iy >= s.input_height) continue;
        if (ix < 0 || ix >= s.input_width) continue;
        sum +=
            from[iy * s.input_width + ix] * weights[ky * s.kernel_width + kx];
      }
    }
  }
  output[i] = sum + bias[o];
}

}  // namespace
// endregion

// region naive-convolution-forward-launch
void NaiveBackend::convolution_forward(const ConvolutionBlock& block,
                                       ConstArray input, ConstArray filter,
                                       ConstArray bias, Array output,
                                       ByteArray /*winners*/) {
  require_plain(block);
  launch_for_each(block.geometry.output_shape().size(), stream(), convolve,
                  sizes_of(block.geometry), input, filter, bias, output);
}
// endregion

// region naive-convolution-backward-input
namespace {

/// One thread for each input pixel asks which outputs it went into: row iy met
/// weight row ky in output row (iy + padding - ky) / stride, if that is one.
/// On the CPU each output handed its gradient out; threads that did so would
/// write over one another's sums.
__global__ void convolve_backward_input(
    int inputs, ConvolutionSizes s, const float* __restrict__ output_gradient,
    const float* __restrict__ filter, float* __restrict__ input_gradient) {
  const int i = this_output();
  if (i >= inputs) return;
  const int ix = i % s.input_width;
  const int iy = i / s.input_width % s.input_height;
  const int plane = i / (s.input_width * s.input_height);
  const int c = plane % s.input_channels;
  const int n = plane / s.input_channels;

  float sum = 0;
  for (int o = 0; o < s.output_channels; ++o) {
    const float* from = output_gradient + (n * s.output_channels + o) *
                                              s.output_height * s.output_width;
    const float* weights =
        filter + (o * s.input_channels + c) * s.kernel_height * s.kernel_width;
    for (int ky = 0; ky < s.kernel_height; ++ky) {
      for (int kx = 0; kx < s.kernel_width; ++kx) {
        const int y = iy + s.padding - ky;
        const int x = ix + s.padding - kx;
        if (y < 0 || y % s.stride != 0 || y / s.stride >= s.output_height)
          continue;
        if (x < 0 || x % s.stride != 0 || x / s.stride >= s.output_width)
          continue;
        sum += from[y / s.stride * s.output_width + x / s.stride] *
               weights[ky * s.kernel_width + kx];
      }
    }
  }
  input_gradient[i] = sum;
}

}  // namespace
// endregion

// region naive-convolution-backward-input-launch
void NaiveBackend::convolution_backward_input(const ConvolutionBlock& block,
                                              ConstArray output_gradient,
                                              ConstByteArray /*winners*/,
                                              ConstArray filter,
                                              Array input_gradient) {
  require_plain(block);
  launch_for_each(block.geometry.input_shape().size(), stream(),
                  convolve_backward_input, sizes_of(block.geometry),
                  output_gradient, filter, input_gradient);
}
// endregion

// region naive-convolution-backward-filter
namespace {

/// One thread for each weight adds up what it did in the whole batch: few
/// threads, long sums.
__global__ void convolve_backward_filter(
    int weights, ConvolutionSizes s, const float* __restrict__ input,
    const float* __restrict__ output_gradient,
    float* __restrict__ filter_gradient) {
  const int i = this_output();
  if (i >= weights) return;
  const int kx = i % s.kernel_width;
  const int ky = i / s.kernel_width % s.kernel_height;
  const int pair = i / (s.kernel_width * s.kernel_height);
  const int c = pair % s.input_channels;
  const int o = pair / s.input_channels;

  float sum = 0;
  for (int n = 0; n < s.batch; ++n) {
    const float* from =
        input + (n * s.input_channels + c) * s.input_height * s.input_width;
    const float* gradient = output_gradient + (n * s.output_channels + o) *
                                                  s.output_height *
                                                  s.output_width;
    for (int y = 0; y < s.output_height; ++y) {
      for (int x = 0; x < s.output_width; ++x) {
        const int iy = y * s.stride + ky - s.padding;
        const int ix = x * s.stride + kx - s.padding;
        if (iy < 0 || iy >= s.input_height) continue;
        if (ix < 0 || ix >= s.input_width) continue;
        sum += gradient[y * s.output_width + x] * from[iy * s.input_width + ix];
      }
    }
  }
  filter_gradient[i] = sum;
}
// endregion

// region naive-convolution-backward-bias
/// One thread for each output channel: its bias went into every pixel.
__global__ void convolve_backward_bias(
    int channels, ConvolutionSizes s, const float* __restrict__ output_gradient,
    float* __restrict__ bias_gradient) {
  const int o = this_output();
  if (o >= channels) return;
  const int pixels = s.output_height * s.output_width;
  float sum = 0;
  for (int n = 0; n < s.batch; ++n) {
    const float* gradient = output_gradient + (n * channels + o) * pixels;
    for (int i = 0; i < pixels; ++i) sum += gradient[i];
  }
  bias_gradient[o] = sum;
}

}  // namespace
// endregion

// region naive-convolution-backward-filter-launch
void NaiveBackend::convolution_backward_filter(
    const ConvolutionBlock& block, ConstArray input, ConstArray output_gradient,
    ConstByteArray /*winners*/, Array filter_gradient, Array bias_gradient) {
  require_plain(block);
  const ConvolutionSizes sizes = sizes_of(block.geometry);
  launch_for_each(block.geometry.filter_shape().size(), stream(),
                  convolve_backward_filter, sizes, input, output_gradient,
                  filter_gradient);
  launch_for_each(block.geometry.output_channels, stream(),
                  convolve_backward_bias, sizes, output_gradient,
                  bias_gradient);
}
// endregion

// region naive-convolution-block
bool NaiveBackend::fuses(const ConvolutionBlock& block) const {
  return is_plain(block);
}

void NaiveBackend::reserve_convolution(const ConvolutionBlock& block) {
  require_plain(block);
  block.geometry.validate();
  require_countable(block.geometry.filter_shape().size(),
                    "the filter of a convolution");
}

std::int64_t NaiveBackend::winners_size(
    const ConvolutionBlock& /*block*/) const {
  return 0;  // nothing is pooled, nobody wins
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
