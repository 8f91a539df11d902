// region quiet: includes
#include "chapters/06_tiled_cuda_adam/first_layer.hpp"

#include "chapters/06_tiled_cuda_adam/nine.cuh"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "chapters/06_tiled_cuda_adam/window.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region make-first-layer
FirstLayer first_layer(const ConvolutionBlock& block) {
  const auto narrow = [](std::int64_t size) { return static_cast<int>(size); };
  const ConvolutionGeometry& geometry = block.geometry;
  FirstLayer layer{};
  layer.batch = narrow(geometry.batch);
  layer.outputs = narrow(geometry.output_channels);
  layer.input_height = narrow(geometry.input_height);
  layer.input_width = narrow(geometry.input_width);
  layer.height = narrow(geometry.output_height());
  layer.width = narrow(geometry.output_width());
  layer.stride = narrow(geometry.stride);
  layer.padding = narrow(geometry.padding);
  layer.relu = block.relu;
  layer.pool = narrow(block.pool);
  layer.windows_down = narrow(block.output().height);
  layer.windows_across = narrow(block.output().width);
  return layer;
}
// endregion

// region first-forward
namespace {

constexpr int kForwardThreads = 128;
constexpr int kForwardOutputs = 8;

/// A thread per pixel of the output, eight channels: what it sees of the input
/// serves them all from registers, and the weights come from shared memory, the
/// same ones for all lanes. With pooling the thread computes the kPool x kPool
/// numbers of its window, and only the largest leaves it.
template <int kPool>
__global__ void __launch_bounds__(kForwardThreads)
    forward_of_nine(FirstLayer p, FastDivisor by_plane, FastDivisor by_width,
                    const float* __restrict__ input,
                    const float* __restrict__ filter,
                    const float* __restrict__ bias, float* __restrict__ output,
                    std::uint8_t* __restrict__ winners) {
  alignas(16) __shared__ float weights[kForwardOutputs][12];  // and the bias
  const int first = static_cast<int>(blockIdx.y) * kForwardOutputs;
  const int thread = static_cast<int>(threadIdx.x);
  if (thread < kForwardOutputs * 12) {
    const int channel = first + thread / 12;
    const int tap = thread % 12;
    float weight = 0;
    if (channel < p.outputs && tap < kTaps) {
      weight = filter[channel * kTaps + tap];
    } else if (channel < p.outputs && tap == kTaps && bias != nullptr) {
      weight = bias[channel];
    }
    weights[thread / 12][tap] = weight;
  }
  __syncthreads();
  const int plane = p.windows_down * p.windows_across;
  const int pixel = static_cast<int>(blockIdx.x) * kForwardThreads + thread;
  if (pixel >= p.batch * plane) return;
  const int image = by_plane.quotient(pixel);
  const int in_image = by_plane.remainder(pixel, image);
  const int row = by_width.quotient(in_image);
  const int column = by_width.remainder(in_image, row);
  float seen[kPool * kPool][kTaps];
#pragma unroll
  for (int k = 0; k < kPool * kPool; ++k) {
    read_nine(input + image * p.input_height * p.input_width, p.input_height,
              p.input_width, (row * kPool + k / kPool) * p.stride - p.padding,
              (column * kPool + k % kPool) * p.stride - p.padding, seen[k]);
  }
#pragma unroll
  for (int i = 0; i < kForwardOutputs; ++i) {
    if (first + i >= p.outputs) return;
    float weight[12];
    for (int tap = 0; tap < 12; tap += 4) {
      read4(&weights[i][tap], weight + tap);
    }
    Winner winner;
#pragma unroll
    for (int k = 0; k < kPool * kPool; ++k) {
      float sum = weight[kTaps];
#pragma unroll
      for (int tap = 0; tap < kTaps; ++tap) sum += seen[k][tap] * weight[tap];
      winner.meet(sum, k);
    }
    if (p.relu) winner.rectify();
    const int place = (image * p.outputs + first + i) * plane + in_image;
    output[place] = winner.value;
    if (winners != nullptr) winners[place] = winner.number;
  }
}
// endregion

// region first-backward-input
constexpr int kInputPixels = 64;
constexpr int kInputSlices = 4;  // warp pairs, each for a quarter of outputs

/// A thread per pixel of the input and quarter of the output channels.
__global__ void __launch_bounds__(kInputPixels* kInputSlices)
    backward_of_nine(FirstLayer p, FastDivisor by_plane, FastDivisor by_width,
                     const float* __restrict__ output_gradient,
                     const float* __restrict__ filter,
                     float* __restrict__ input_gradient) {
  __shared__ float of_slice[kInputSlices][kInputPixels];
  const int lane = static_cast<int>(threadIdx.x) % kInputPixels;
  const int slice = static_cast<int>(threadIdx.x) / kInputPixels;
  const int pixel = static_cast<int>(blockIdx.x) * kInputPixels + lane;
  const bool there = pixel < p.batch * p.input_height * p.input_width;
  const int image = by_plane.quotient(pixel);
  const int in_image = by_plane.remainder(pixel, image);
  const int y = by_width.quotient(in_image);
  const int x = by_width.remainder(in_image, y);
  const int plane = p.height * p.width;
  float sum = 0;
  for (int o = slice; there && o < p.outputs; o += kInputSlices) {
    float window[kTaps];
    read_nine(output_gradient + (image * p.outputs + o) * plane, p.height,
              p.width, y + p.padding - 2, x + p.padding - 2, window);
#pragma unroll
    for (int tap = 0; tap < kTaps; ++tap) {
      sum += window[tap] * filter[o * kTaps + kTaps - 1 - tap];
    }
  }
  of_slice[slice][lane] = sum;
  __syncthreads();
  if (slice != 0 || !there) return;
  for (int other = 1; other < kInputSlices; ++other) {
    sum += of_slice[other][lane];
  }
  input_gradient[pixel] = sum;
}
// endregion

// region launch-first-forward
}  // namespace

void first_layer_forward(const FirstLayer& layer, const float* input,
                         const float* filter, const float* bias, float* output,
                         std::uint8_t* winners, const Stream& stream) {
  const int plane = layer.windows_down * layer.windows_across;
  launch(
      layer.pool == 2 ? forward_of_nine<2> : forward_of_nine<1>,
      {dim3(static_cast<unsigned>(pieces(layer.batch * plane, kForwardThreads)),
            static_cast<unsigned>(pieces(layer.outputs, kForwardOutputs))),
       dim3(kForwardThreads)},
      stream, layer, FastDivisor(plane), FastDivisor(layer.windows_across),
      input, filter, bias, output, winners);
}
// endregion

// region launch-first-backward
void first_layer_backward_input(const FirstLayer& layer,
                                const float* output_gradient,
                                const float* filter, float* input_gradient,
                                const Stream& stream) {
  const int plane = layer.input_height * layer.input_width;
  launch(
      backward_of_nine,
      {dim3(static_cast<unsigned>(pieces(layer.batch * plane, kInputPixels))),
       dim3(kInputPixels * kInputSlices)},
      stream, layer, FastDivisor(plane), FastDivisor(layer.input_width),
      output_gradient, filter, input_gradient);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
