// region quiet: includes
#pragma once

#include <cstdint>

namespace cnn {
// endregion

// region ink
/// A pixel that is not 0.
struct Ink {
  std::uint32_t place;  ///< in its picture, in CHW order
  float brightness;     ///< in (0, 1]
};

/// The weights from one pixel to all hidden neurons lie in a row of 16, as many
/// as one AVX-512 register and one line of a cache hold; those that are too
/// many are 0.
inline constexpr int kInkRow = 16;

/// What is done with the ink of a picture, by one instruction set.
struct InkRoutines {
  /// sums += brightness * the place's row of `weights`, for all of it.
  void (*weigh)(const Ink* ink, std::int64_t count, const float* weights,
                float* sums);
  /// The place's row of `gradient` += brightness * slopes, for all of it.
  void (*blame)(const Ink* ink, std::int64_t count, const float* slopes,
                float* gradient);
};

/// Those that this processor does best.
InkRoutines ink_routines();

namespace portable {
InkRoutines ink_routines();
}
namespace avx2 {
InkRoutines ink_routines();
}
namespace avx512 {
InkRoutines ink_routines();
}

}  // namespace cnn
// endregion
