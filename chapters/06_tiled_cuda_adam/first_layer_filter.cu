// region quiet: includes
#include "chapters/06_tiled_cuda_adam/add_parts.hpp"
#include "chapters/06_tiled_cuda_adam/block_sum.cuh"
#include "chapters/06_tiled_cuda_adam/first_layer.hpp"
#include "chapters/06_tiled_cuda_adam/nine.cuh"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region first-filter
namespace {

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
  // endregion

  // region first-filter-together
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

}  // namespace
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
