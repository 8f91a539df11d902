// region quiet: includes
#pragma once

#include <cstdint>

namespace cnn {
// endregion

// region ink
/// So many neighbouring pixels are kept or left out together.
inline constexpr int kStrip = 4;

/// A strip that is not blank, of one of 256 pictures: five bytes.
struct Ink {
  std::uint8_t picture;
  std::uint8_t brightness[kStrip];  ///< of 255
};

/// All that up to 256 pictures have of ink, sorted by its place: that of strip
/// s is ink[begins[s]] and what follows, up to ink[begins[s + 1]].
struct InkGroup {
  static constexpr std::int64_t kPictures = 256;

  const Ink* ink;
  const std::uint32_t* begins;
  std::int64_t strips;
};
// endregion

// region ink-routines
/// The ten numbers of a pixel, or of a picture, lie in a row of 16, as many as
/// one AVX-512 register and one line of a cache hold.
inline constexpr int kInkRow = 16;
inline constexpr int kInkNumbers = 10;

/// What is done with rows, by one instruction set.
struct InkRoutines {
  /// A picture's row of `sums` += brightness * a pixel's row of `weights`, for
  /// all of the ink.
  void (*weigh)(const InkGroup& group, const float* weights, float* sums);
  /// A pixel's row of `gradient` += brightness * a picture's row of `slopes`.
  void (*blame)(const InkGroup& group, const float* slopes, float* gradient);
  /// row += factors[i] * row i of ten.
  void (*gather)(const float* factors, const float* ten_rows, float* row);
  /// Row i of ten += factors[i] * row.
  void (*scatter)(const float* factors, const float* row, float* ten_rows);
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
