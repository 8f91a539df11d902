// region quiet: includes
#pragma once

#include <cstdint>

namespace cnn {
// endregion

// region dropout-kernels
/// Numbers that lie side by side, and what decides which of them are dropped.
/// The first belongs to the first word of Philox block `block`.
struct DropoutRun {
  std::uint64_t seed = 0;
  std::uint64_t stream = 0;
  std::uint64_t block = 0;
  std::uint32_t least = 0;  ///< random words below this one drop
  float scale = 1;
  std::int64_t count = 0;
  const float* from = nullptr;
  float* to = nullptr;
};

/// For one instruction set: to = from times 0 or scale. Handles whole vectors
/// and returns how many numbers these were.
struct DropoutKernels {
  std::int64_t (*drop)(const DropoutRun&);  ///< does the run
};

namespace portable {
const DropoutKernels& dropout_kernels();
}  // namespace portable
namespace avx2 {
const DropoutKernels& dropout_kernels();
}  // namespace avx2
namespace avx512 {
const DropoutKernels& dropout_kernels();
}  // namespace avx512

}  // namespace cnn
// endregion
