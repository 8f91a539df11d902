// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/07_four_reports/two_layers.hpp"
#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region one-pass-kernels
/// What the blocks of a step leave to the second kernel: one row a block.
struct OnePassParts {
  static constexpr int kLoss = TwoLayers::kNumbers;
  static constexpr int kRight = kLoss + 1;
  /// A whole number of warps.
  static constexpr int kNumbers = 7968;
};

/// The pictures, and what becomes of them.
struct OnePassPictures {
  const std::uint8_t* pixels;  ///< count x 784, begins where 16 can be read
  const std::uint8_t* labels;  ///< count, each below `classes`
  int count;
  int classes;
};

/// How many blocks work at once on the current device.
int one_pass_blocks();

/// Reads every picture once: `parts` becomes sums over each block's pictures,
/// of gradients, losses and right answers; blocks x OnePassParts::kNumbers.
void one_pass_parts(const OnePassPictures& pictures, const float* layers,
                    int blocks, float* parts, const Stream& stream);

/// Adds the blocks' sums in their order, divides by the count, and goes down:
/// layers -= rate * gradient. `score`, 2 floats: mean loss and accuracy.
void one_pass_descend(const float* parts, int blocks, int count, float rate,
                      float* layers, float* gradient, float* score,
                      const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
