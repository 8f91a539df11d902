// region quiet: includes
#pragma once

#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region window-of-nine
inline constexpr int kTaps = 9;

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

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
