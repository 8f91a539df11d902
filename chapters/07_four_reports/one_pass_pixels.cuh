// region quiet: includes
#pragma once

#include "chapters/07_four_reports/one_pass_tile.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region one-pass-forward
/// Forward: a warp has its slice of all 64 pictures, a lane two of them, all
/// ten neurons: 20 sums. A weight is the same for all lanes, so one read serves
/// the warp; each number read from a row of weights is used twice.
__device__ inline void sum_slices(OnePassShared& shared) {
  using Shape = OnePassShape;
  constexpr int kVectors = Shape::kVectors / Shape::kSlices;
  constexpr int kNeurons = Shape::kNeurons;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int slice = static_cast<int>(threadIdx.x) / 32;
  float sums[2][kNeurons] = {};
#pragma unroll 1
  for (int v = slice * kVectors; v < (slice + 1) * kVectors; ++v) {
    const uint4 own[2] = {shared.pictures[lane * Shape::kVectors + v],
                          shared.pictures[(lane + 32) * Shape::kVectors + v]};
    const unsigned words[2][4] = {{own[0].x, own[0].y, own[0].z, own[0].w},
                                  {own[1].x, own[1].y, own[1].z, own[1].w}};
#pragma unroll
    for (int pixel = 0; pixel < 16; pixel += 2) {
      float rows[2 * kNeurons];
      read_two_rows(shared.layers + (16 * v + pixel) * kNeurons, rows);
#pragma unroll
      for (int k = 0; k < 2; ++k)
#pragma unroll
        for (int j = 0; j < 2; ++j) {
          const float x = pixel_of(words[j][pixel / 4], (pixel + k) % 4);
#pragma unroll
          for (int h = 0; h < kNeurons; ++h) {
            sums[j][h] += x * rows[k * kNeurons + h];
          }
        }
    }
  }
#pragma unroll
  for (int h = 0; h < kNeurons; ++h) {
    shared.parts[slice][h][lane] = sums[0][h];
    shared.parts[slice][h][lane + 32] = sums[1][h];
  }
}
// endregion

// region one-pass-backward
/// Backward: a thread owns four neighbouring pixels, and keeps the gradients of
/// their 40 weights in registers from the first picture of the block to the
/// last. Nothing is added up outside of it.
class PixelGradients {
 public:
  using Shape = OnePassShape;  ///< of the block
  static constexpr int kNeurons = Shape::kNeurons;
  static constexpr int kLanes = Shape::kWords / Shape::kSlices;  ///< at work

  /// Adds the part of all pictures in shared memory.
  __device__ void add(const OnePassShared& shared) {
    const auto* words = reinterpret_cast<const unsigned*>(shared.pictures);
    if (!at_work()) return;
#pragma unroll 2
    for (int n = 0; n < Shape::kPictures; n += 2) {
      float slopes[2 * kNeurons];
      read_two_rows(shared.hidden_slopes + n * kNeurons, slopes);
#pragma unroll
      for (int k = 0; k < 2; ++k) {
        const unsigned four = words[(n + k) * Shape::kWords + word()];
#pragma unroll
        for (int i = 0; i < 4; ++i) {
          const float x = pixel_of(four, i);
#pragma unroll
          for (int h = 0; h < kNeurons; ++h) {
            sums_[i * kNeurons + h] += x * slopes[k * kNeurons + h];
          }
        }
      }
    }
  }

  /// Writes them where the weights would lie.
  __device__ void write(float* layers) const {
    if (!at_work()) return;
#pragma unroll
    for (int i = 0; i < 4 * kNeurons; i += 4) {
      write4(sums_ + i, layers + word() * 4 * kNeurons + i);
    }
  }

 private:
  __device__ static bool at_work() {
    return static_cast<int>(threadIdx.x) % 32 < kLanes;
  }
  __device__ static int word() {
    const auto thread = static_cast<int>(threadIdx.x);
    return thread / 32 * kLanes + thread % 32;
  }
  float sums_[4 * kNeurons] = {};
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
