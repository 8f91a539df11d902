// region quiet: includes
#pragma once

#include <cstdint>

namespace cnn {
// endregion

// region batch-norm-row
/// Pixels side by side, and what the passes of batch normalisation need to
/// handle them. Numbers of a pixel lie together, gaps included.
struct BatchNormRow {
  std::int64_t channels = 0;  ///< floats from one pixel to the next
  std::int64_t width = 0;     ///< pixels
  std::int64_t pool = 1;
  std::int64_t windows = 0;     ///< pooling windows side by side; 0: below them
  std::int64_t window_row = 0;  ///< which row of its windows this is
  bool relu = false;
  // One for each channel:
  const float* mean = nullptr;
  const float* factor = nullptr;
  const float* shift = nullptr;
  const float* slope = nullptr;
  // Where the row's first pixel lies in each array:
  const float* input = nullptr;
  float* output = nullptr;
  std::uint8_t* winners = nullptr;  ///< null: nobody asks
  const float* output_gradient = nullptr;
  const std::uint8_t* winners_before = nullptr;  ///< null: all pass
  float* input_gradient = nullptr;
  double* sums = nullptr;  ///< two for each channel
};
// endregion

// region batch-norm-kernels
/// The passes over one row, for one instruction set. Sums are float32 within a
/// row and float64 beyond.
struct BatchNormKernels {
  /// sums += x - mean and (x - mean)^2.
  void (*sum_row)(const BatchNormRow&);
  /// output = pool(relu((x - mean) * factor + shift)).
  void (*normalise_row)(const BatchNormRow&);
  /// sums += g and g * (x - mean), g being the gradient of a number before
  /// ReLU and pool.
  void (*sum_gradient_row)(const BatchNormRow&);
  /// input_gradient = g * factor + shift - (x - mean) * slope.
  void (*spread_row)(const BatchNormRow&);
};

namespace portable {
const BatchNormKernels& batch_norm_kernels();
}  // namespace portable
namespace avx2 {
const BatchNormKernels& batch_norm_kernels();
}  // namespace avx2
namespace avx512 {
const BatchNormKernels& batch_norm_kernels();
}  // namespace avx512

}  // namespace cnn
// endregion
