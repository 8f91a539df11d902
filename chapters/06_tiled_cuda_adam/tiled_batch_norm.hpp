// region quiet: includes
#pragma once

#include <cstdint>
#include <stdexcept>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "chapters/06_tiled_cuda_adam/fast_divisor.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region batch-norm-both-ways
/// Throws std::logic_error unless the backend can do this block in one.
inline void require_fused(const Backend& backend, const BatchNormBlock& block) {
  if (backend.fuses(block)) return;
  throw std::logic_error("this backend does not fuse that: fuses() says so");
}
// endregion

// region batch-norm-way-back
/// What the way back works on: arrays of the layer, `parts` with room for the
/// sums of all slices, and a gradient of the input unless that is null.
struct WayBack {
  const BatchNormBlock& block;
  const BatchNormArrays& arrays;
  const float* input;
  const float* output_gradient;
  const std::uint8_t* winners;
  float* input_gradient;
  float* scale_gradient;
  float* shift_gradient;
  float* parts;
};

/// First pass: the gradients of scale and shift, sums over each channel.
void sum_gradients(const WayBack& back, const Stream& stream);

/// Second pass: the gradient of the input, which needs both of these sums.
void spread_gradients(const WayBack& back, const Stream& stream);
// endregion

// region batch-norm-planes
/// Planes before and after pooling.
struct PlaneSizes {
  int height;
  int width;
  int windows_down;
  int windows_across;
  FastDivisor by_windows_across;
};

/// Those of a block.
inline PlaneSizes planes_of(const BatchNormBlock& block) {
  const Shape output = block.output();
  return {.height = static_cast<int>(block.input.height),
          .width = static_cast<int>(block.input.width),
          .windows_down = static_cast<int>(output.height),
          .windows_across = static_cast<int>(output.width),
          .by_windows_across = FastDivisor(static_cast<int>(output.width))};
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
