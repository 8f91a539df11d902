// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "chapters/07_four_reports/two_layers.hpp"
#include "common/cuda/async_copy.cuh"
#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region one-pass-shared
/// A block of seven warps works on 64 pictures at a time. 784 pixels are seven
/// slices of 112, or 49 vectors of 16 bytes, or 196 words of four.
struct OnePassShape {
  static constexpr int kPictures = 64;
  static constexpr int kSlices = 7;
  static constexpr int kThreads = 32 * kSlices;
  static constexpr int kNeurons = TwoLayers::kNeurons;
  static constexpr int kVectors = TwoLayers::kPixels / 16;
  static constexpr int kWords = TwoLayers::kPixels / 4;
};

/// The block's shared memory: two such blocks fit into a multiprocessor.
struct OnePassShared {
  using Shape = OnePassShape;  ///< how much of everything
  /// Bytes, 16 at once.
  uint4 pictures[Shape::kPictures * Shape::kVectors];
  alignas(16) float layers[TwoLayers::kNumbers];
  /// Sums of the hidden neurons, each over one slice of a picture.
  float parts[Shape::kSlices][Shape::kNeurons][Shape::kPictures];
  /// How the loss changes with a hidden sum.
  alignas(16) float hidden_slopes[Shape::kPictures * Shape::kNeurons];
  /// And with a logit.
  float logit_slopes[Shape::kPictures * Shape::kNeurons];
  /// What the hidden neurons say; the eleventh, for the bias, always says 1.
  float hidden[Shape::kPictures][Shape::kNeurons + 1];
};
static_assert(2 * (sizeof(OnePassShared) + 1024 + 512) <= 228 * 1024);
// endregion

// region one-pass-load
/// Asks for the pictures from number `first` on. Beyond the last one come more
/// copies of it, or of its end: bytes as good as any, whose slopes will be 0.
__device__ inline void ask_for_pictures(const uint4* pictures, int count,
                                        int first, OnePassShared& shared) {
  using Shape = OnePassShape;
  const std::int64_t last = std::int64_t{count} * Shape::kVectors - 1;
  const std::int64_t begin = std::int64_t{first} * Shape::kVectors;
  for (int i = static_cast<int>(threadIdx.x);
       i < Shape::kPictures * Shape::kVectors; i += Shape::kThreads) {
    const std::int64_t from = begin + i < last ? begin + i : last;
    __pipeline_memcpy_async(&shared.pictures[i], &pictures[from], 16);
  }
}

/// Asks for weights and biases.
__device__ inline void ask_for_layers(const float* layers,
                                      OnePassShared& shared) {
  static_assert(TwoLayers::kNumbers % 4 == 0);
  for (int i = 4 * static_cast<int>(threadIdx.x); i < TwoLayers::kNumbers;
       i += 4 * OnePassShape::kThreads) {
    __pipeline_memcpy_async(&shared.layers[i], &layers[i], 16);
  }
}

/// Waits for what this thread has asked for; a barrier has to follow.
__device__ inline void wait_for_copies() {
  __pipeline_commit();
  __pipeline_wait_prior(0);
}
// endregion

// region pixel-of
/// Byte number i of four as a number from 0 to 255: a shift, a mask and a
/// conversion that serve ten multiply-adds.
__device__ inline float pixel_of(unsigned four, int i) {
  return static_cast<float>(four >> 8 * i & 0xFFU);
}

/// Two rows of ten numbers, which are five reads of four.
__device__ inline void read_two_rows(const float* from, float* to) {
#pragma unroll
  for (int i = 0; i < 2 * OnePassShape::kNeurons; i += 4) {
    read4(from + i, to + i);
  }
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
