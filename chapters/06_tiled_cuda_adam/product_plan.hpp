// region quiet: includes
#pragma once

#include <cstdint>

namespace cnn {
// endregion

// region product-plan
/// How the tuned product is cut up.
struct ProductPlan {
  /// Of c, for a block: the larger, the less it reads; the smaller, the more
  /// blocks there are.
  enum class Tile { kLarge, kMedium, kSmall };
  Tile tile = Tile::kLarge;
  /// Into how many parts the terms are cut, each summed up by blocks of its
  /// own; the sums of the parts are added afterwards, in order.
  int parts = 1;
};

/// What keeps `multiprocessors` of them busy for the shortest time, by a model
/// of what tiles of each kind take.
ProductPlan plan_product(int m, int n, int k, int multiprocessors);

/// How many floats of scratch memory the parts' sums take: 0 for one part.
std::int64_t scratch_floats(int m, int n, const ProductPlan& plan);

}  // namespace cnn
// endregion
