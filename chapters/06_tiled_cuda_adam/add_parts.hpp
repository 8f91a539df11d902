// region quiet: includes
#pragma once

#include <cstdint>

#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region partial-sums
/// `size` sums that are computed in `count` parts. Whoever computes part p
/// writes its numbers to target() + p * size; add_parts() does the rest. A
/// single part is the result, and there is no rest.
struct PartialSums {
  float* result = nullptr;
  float* parts = nullptr;  ///< room() numbers
  int count = 1;
  int size = 0;

  float* target() const { return count == 1 ? result : parts; }
  /// How many numbers all parts have; 0 for a single one.
  std::int64_t room() const {
    return count == 1 ? 0 : std::int64_t{count} * size;
  }
};
// endregion

// region add-parts-declaration
/// result[i] = parts[0][i] + parts[1][i] + ..., always in the same order. Two
/// arrays of such sums cost one launch, and none when neither has parts.
void add_parts(const PartialSums& first, const PartialSums& second,
               const Stream& stream);
/// One array alone.
void add_parts(const PartialSums& sums, const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
