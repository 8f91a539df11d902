// region quiet: includes
#pragma once

#include <algorithm>
#include <cstdint>

namespace cnn {
// endregion

// region pieces
/// `total` things cut into pieces of nearly equal size, for threads to share.
/// How many pieces depends on `total` alone, never on the number of threads:
/// partial sums over pieces, added in order, then always give the same bits.
struct Pieces {
  static constexpr std::int64_t kMost = 64;

  std::int64_t total = 0;
  std::int64_t count = 0;

  /// Pieces of at least `least` things, unless there are fewer.
  explicit Pieces(std::int64_t things, std::int64_t least = 1)
      : total(things),
        count(std::clamp(things / least, std::int64_t{1}, kMost)) {}

  /// The first thing of a piece.
  std::int64_t begin(std::int64_t piece) const { return total * piece / count; }
  /// The first thing after it.
  std::int64_t end(std::int64_t piece) const { return begin(piece + 1); }
};

}  // namespace cnn
// endregion
