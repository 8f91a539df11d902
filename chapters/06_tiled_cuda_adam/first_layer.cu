// region quiet: includes
#include "chapters/06_tiled_cuda_adam/first_layer.hpp"

#include <algorithm>

#include "chapters/06_tiled_cuda_adam/add_parts.hpp"
#include "chapters/06_tiled_cuda_adam/block_sum.cuh"
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

// region window-of-nine
namespace {

constexpr int kTaps = 9;

/// The 3 x 3 numbers of a height x width image that begin at row `top`, column
/// `left`; 0 outside.
__device__ __forceinline__ void read_nine(const float* image, int height,
                                          int width, int top, int left,
                                          float* window) {
#pragma unroll
  for (int tap = 0; tap < kTaps; ++tap) {
    const int y = top + tap / 3;
    const int x = left + tap % 3;
    const bool inside = y >= 0 && y < height && x >= 0 && x < width;
    window[tap] = inside ? image[y * width + x] : 0.0F;
  }
}
// endregion

// region first-forward
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

// region first-filter
constexpr int kFilterThreads = 128;
constexpr int kFilterOutputs = 4;
constexpr int kWeights = kTaps + 1;  // the bias: a weight whose input is 1

/// One image, four output channels: 40 sums in registers, one for each weight,
/// over the pixels that fall to a thread; then over lanes, then over warps.
/// With pooling, a pixel has its window's slope if it has won, and else none.
template <int kPool>
__global__ void __launch_bounds__(kFilterThreads)
    filter_of_nine(FirstLayer p, FastDivisor by_width,
                   const float* __restrict__ input,
                   const float* __restrict__ output_gradient,
                   const std::uint8_t* __restrict__ winners,
                   float* __restrict__ weight_parts,
                   float* __restrict__ bias_parts) {
  constexpr int kSums = kFilterOutputs * kWeights;
  __shared__ float of_warp[kFilterThreads / 32][kSums];
  const int image = static_cast<int>(blockIdx.x);
  const int first = static_cast<int>(blockIdx.y) * kFilterOutputs;
  const int plane = p.height * p.width;
  const int windows = p.windows_down * p.windows_across;
  const float* picture = input + image * p.input_height * p.input_width;
  float sums[kFilterOutputs][kWeights] = {};
  for (int pixel = static_cast<int>(threadIdx.x); pixel < plane;
       pixel += kFilterThreads) {
    const int y = by_width.quotient(pixel);
    const int x = by_width.remainder(pixel, y);
    float seen[kWeights];
    seen[kTaps] = 1;
    read_nine(picture, p.input_height, p.input_width, y * p.stride - p.padding,
              x * p.stride - p.padding, seen);
    const bool pooled =
        y / kPool < p.windows_down && x / kPool < p.windows_across;
    const int window = y / kPool * p.windows_across + x / kPool;
    const int number = y % kPool * kPool + x % kPool;
#pragma unroll
    for (int i = 0; i < kFilterOutputs; ++i) {
      const bool there = pooled && first + i < p.outputs;
      const int place = (image * p.outputs + first + i) * windows + window;
      float slope = there ? output_gradient[place] : 0.0F;
      if (there && winners != nullptr && winners[place] != number) slope = 0;
#pragma unroll
      for (int tap = 0; tap < kWeights; ++tap) {
        sums[i][tap] += slope * seen[tap];
      }
    }
  }
  const int lane = static_cast<int>(threadIdx.x) % 32;
#pragma unroll
  for (int i = 0; i < kSums; ++i) {
    const float sum = warp_sum(sums[i / kWeights][i % kWeights]);
    if (lane == 0) of_warp[threadIdx.x / 32][i] = sum;
  }
  __syncthreads();
  const int i = static_cast<int>(threadIdx.x);
  if (i >= min(kSums, (p.outputs - first) * kWeights)) return;
  float sum = 0;
  for (int warp = 0; warp < kFilterThreads / 32; ++warp)
    sum += of_warp[warp][i];
  const int channel = image * p.outputs + first + i / kWeights;
  if (i % kWeights < kTaps) {
    weight_parts[channel * kTaps + i % kWeights] = sum;
  } else if (bias_parts != nullptr) {
    bias_parts[channel] = sum;
  }
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
// endregion

// region launch-first-filter
// A picture is a part; the parts of the bias lie behind those of the filters.
std::int64_t first_layer_workspace(const FirstLayer& layer) {
  return layer.batch == 1
             ? 0
             : std::int64_t{layer.batch} * layer.outputs * kWeights;
}

void first_layer_backward_filter(const FirstLayer& layer, const float* input,
                                 const float* output_gradient,
                                 const std::uint8_t* winners,
                                 float* filter_gradient, float* bias_gradient,
                                 float* workspace, const Stream& stream) {
  const PartialSums weights{filter_gradient, workspace, layer.batch,
                            layer.outputs * kTaps};
  PartialSums biases;
  if (bias_gradient != nullptr) {
    biases = {bias_gradient, workspace + weights.room(), layer.batch,
              layer.outputs};
  }
  launch(layer.pool == 2 ? filter_of_nine<2> : filter_of_nine<1>,
         {dim3(static_cast<unsigned>(layer.batch),
               static_cast<unsigned>(pieces(layer.outputs, kFilterOutputs))),
          dim3(kFilterThreads)},
         stream, layer, FastDivisor(layer.width), input, output_gradient,
         winners, weights.target(), biases.target());
  add_parts(weights, biases, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
