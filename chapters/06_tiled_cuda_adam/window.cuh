// region quiet: includes
#pragma once

#include <cmath>
#include <cstdint>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region window-of-four
/// The 2x2 pixels from `corner` on, row by row. kPairs: two at once, which
/// in_pairs() has to allow. A warp's windows lie side by side; read one by one,
/// each of its requests would touch every second number only.
template <bool kPairs>
__device__ void read_window(const float* corner, int width, float* four) {
#pragma unroll
  for (int row = 0; row < 2; ++row) {
    const float* from = corner + row * width;
    if constexpr (kPairs) {
      const float2 pair = *reinterpret_cast<const float2*>(from);
      four[2 * row] = pair.x;
      four[2 * row + 1] = pair.y;
    } else {
      four[2 * row] = from[0];
      four[2 * row + 1] = from[1];
    }
  }
}

/// The other way.
template <bool kPairs>
__device__ void write_window(const float* four, int width, float* corner) {
#pragma unroll
  for (int row = 0; row < 2; ++row) {
    float* to = corner + row * width;
    if constexpr (kPairs) {
      *reinterpret_cast<float2*>(to) =
          make_float2(four[2 * row], four[2 * row + 1]);
    } else {
      to[0] = four[2 * row];
      to[1] = four[2 * row + 1];
    }
  }
}

/// Whether every window of 2x2 pixels begins where two can be read at once.
inline bool in_pairs(const Shape& shape, const float* array) {
  return shape.width % 2 == 0 &&
         reinterpret_cast<std::uintptr_t>(array) % sizeof(float2) == 0;
}
// endregion

// region winner
/// Notes that nobody won a pooling window: ReLU stopped the maximum.
inline constexpr std::uint8_t kNobody = 255;

/// The largest number of a window so far, and which one it is.
struct Winner {
  float value = -INFINITY;
  std::uint8_t number = 0;

  /// Another number of the window.
  __device__ void meet(float other, int its_number) {
    // NaN is not equal to itself; where there is one, it wins.
    if (other > value || other != other) {
      value = other;
      number = static_cast<std::uint8_t>(its_number);
    }
  }
  /// What ReLU leaves of it.
  __device__ void rectify() {
    if (!(value > 0)) number = kNobody;
    if (value < 0) value = 0;  // NaN stays
  }
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
