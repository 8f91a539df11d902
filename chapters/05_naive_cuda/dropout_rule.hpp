// region quiet: includes
#pragma once

#include <cmath>
#include <cstdint>

#include "chapters/04_cpu_cnn/backend.hpp"

namespace cnn {
// endregion

// region naive-dropout-numbers
/// DropoutNumbers as kernels want them.
struct DropoutRule {
  std::uint64_t seed;
  std::uint64_t stream;
  std::uint64_t first;  ///< number of element 0 in the stream
  std::uint32_t least;  ///< random bits below this drop the element
  float scale;          ///< what is kept is multiplied by
};

/// For an array of `size` elements.
inline DropoutRule rule_for(const DropoutNumbers& numbers, std::int64_t size) {
  // uniform() is (bits >> 8) / 2^24, and both are exact: so is the comparison
  // of the bits themselves with the probability times 2^24, shifted back.
  const double steps = std::ceil(double{numbers.probability} * 0x1.0p24);
  return {.seed = numbers.seed,
          .stream = numbers.stream,
          .first = numbers.step * static_cast<std::uint64_t>(size),
          .least = static_cast<std::uint32_t>(steps) << 8,
          .scale = 1 / (1 - numbers.probability)};
}

}  // namespace cnn
// endregion
