// region quiet: includes
#include "chapters/07_four_reports/one_pass_kernels.hpp"

#include "chapters/06_tiled_cuda_adam/block_sum.cuh"
#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/07_four_reports/one_pass_between.cuh"
#include "chapters/07_four_reports/one_pass_pixels.cuh"
#include "common/cuda/launch.cuh"
#include "common/cuda/shared.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {
// endregion

// region one-pass-kernel
constexpr int kBlocksAtOnce = 2;  // on a multiprocessor

/// Every block takes every gridDim.x-th tile of pictures. While one block waits
/// for its pictures, or for a barrier, the other on its multiprocessor works.
__global__ void __launch_bounds__(OnePassShape::kThreads, kBlocksAtOnce)
    add_pictures(OnePassPictures pictures, const float* __restrict__ layers,
                 float* __restrict__ parts) {
  OnePassShared& shared = *dynamic_shared<OnePassShared>();
  const auto* vectors = reinterpret_cast<const uint4*>(pictures.pixels);
  PixelGradients of_pixels;
  SmallGradients small;
  Judged judged;
  ask_for_layers(layers, shared);
  const int step = static_cast<int>(gridDim.x) * OnePassShape::kPictures;
  for (int first = static_cast<int>(blockIdx.x) * OnePassShape::kPictures;
       first < pictures.count; first += step) {
    ask_for_pictures(vectors, pictures.count, first, shared);
    wait_for_copies();
    __syncthreads();
    sum_slices(shared);
    __syncthreads();
    judge_pictures(pictures.labels + first, pictures.classes,
                   pictures.count - first, shared, judged);
    __syncthreads();
    of_pixels.add(shared);
    small.add(shared);
    __syncthreads();  // the next pictures come to the same place
  }
  float* const own =
      parts + static_cast<std::int64_t>(blockIdx.x) * OnePassParts::kNumbers;
  of_pixels.write(own);
  small.write(own);
  const float loss = block_sum<OnePassShape::kThreads>(judged.loss);
  const float right = block_sum<OnePassShape::kThreads>(judged.right);
  if (threadIdx.x != 0) return;
  own[OnePassParts::kLoss] = loss;
  own[OnePassParts::kRight] = right;
}
// endregion

// region one-pass-descend
constexpr int kShares = 8;

/// 32 numbers a block, a warp for every eighth part of each, as add_parts() of
/// chapter 6; then the step down, while the sum is at hand.
__global__ void __launch_bounds__(32 * kShares)
    add_and_descend(const float* __restrict__ parts, int blocks, float count,
                    float rate, float* __restrict__ layers,
                    float* __restrict__ gradient, float* __restrict__ score) {
  __shared__ float of_share[kShares][32];
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int share = static_cast<int>(threadIdx.x) / 32;
  const int i = static_cast<int>(blockIdx.x) * 32 + lane;
  const bool there = i <= OnePassParts::kRight;  // the row is a little longer
  float sum = 0;
  if (there) {
#pragma unroll 8
    for (int block = share; block < blocks; block += kShares) {
      sum += parts[block * OnePassParts::kNumbers + i];
    }
  }
  of_share[share][lane] = sum;
  __syncthreads();
  if (share != 0 || !there) return;
  for (int other = 1; other < kShares; ++other) sum += of_share[other][lane];
  if (i >= OnePassParts::kLoss) {
    score[i - OnePassParts::kLoss] = sum / count;
    return;
  }
  const float slope = sum / (i < TwoLayers::kOutput ? 255 * count : count);
  gradient[i] = slope;
  layers[i] -= rate * slope;
}
// endregion

// region one-pass-launches
}  // namespace

int one_pass_blocks() {
  return kBlocksAtOnce * multiprocessors();
}

void one_pass_parts(const OnePassPictures& pictures, const float* layers,
                    int blocks, float* parts, const Stream& stream) {
  launch(add_pictures,
         {dim3(static_cast<unsigned>(blocks)), dim3(OnePassShape::kThreads),
          sizeof(OnePassShared)},
         stream, pictures, layers, parts);
}

void one_pass_descend(const float* parts, int blocks, int count, float rate,
                      float* layers, float* gradient, float* score,
                      const Stream& stream) {
  static_assert(OnePassParts::kNumbers % 32 == 0 &&
                OnePassParts::kNumbers > OnePassParts::kRight);
  launch(add_and_descend,
         {dim3(OnePassParts::kNumbers / 32), dim3(32 * kShares)}, stream, parts,
         blocks, static_cast<float>(count), rate, layers, gradient, score);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
