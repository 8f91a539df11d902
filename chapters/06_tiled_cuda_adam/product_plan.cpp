// region quiet: includes
#include "chapters/06_tiled_cuda_adam/product_plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace cnn {
// endregion

// region tile-costs
namespace {

/// What tiles of a kind take on an H200; only their ratios matter.
struct TileCost {
  ProductPlan::Tile tile;
  int rows;
  int columns;
  double start_us;     ///< to launch it, to fill the pipeline, to write c
  double alone_ns;     ///< for a term of a block that has no company
  double together_ns;  ///< for each of those that fill a multiprocessor
};
constexpr std::array kTileCosts{
    TileCost{ProductPlan::Tile::kLarge, 64, 128, 8.0, 93.0, 41.5},
    TileCost{ProductPlan::Tile::kMedium, 64, 64, 4.5, 51.0, 21.5},
    TileCost{ProductPlan::Tile::kSmall, 32, 32, 2.5, 17.5, 6.5}};
/// Parts cost another launch, and a way through memory for each sum.
constexpr double kSecondLaunchUs = 3.0;
constexpr double kSixteenPartsUs = 0.7;
constexpr double kBytesEachUs = 3e6;

double pieces(double total, double size) {
  return std::ceil(total / size);
}
// endregion

// region estimate
double estimate_us(const TileCost& cost, int parts, int m, int n, int k,
                   int multiprocessors) {
  const double tiles = pieces(m, cost.rows) * pieces(n, cost.columns);
  const double company = pieces(tiles * parts, multiprocessors);
  const double term_ns = std::max(cost.alone_ns, company * cost.together_ns);
  const double sums = cost.start_us + pieces(k, parts) * term_ns / 1e3;
  if (parts == 1) return sums;
  const double bytes = 2.0 * sizeof(float) * parts * m * n;  // out and in
  return sums + kSecondLaunchUs + pieces(parts, 16) * kSixteenPartsUs +
         bytes / kBytesEachUs;
}

}  // namespace
// endregion

// region plan-product
ProductPlan plan_product(int m, int n, int k, int multiprocessors) {
  constexpr int kMostParts = 128;
  constexpr int kFewestTerms = 16;
  ProductPlan best;
  double shortest_us = std::numeric_limits<double>::infinity();
  for (const TileCost& cost : kTileCosts)
    for (int parts = 1; parts <= kMostParts; parts *= 2) {
      if (parts > 1 && k / parts < kFewestTerms) break;
      const double us = estimate_us(cost, parts, m, n, k, multiprocessors);
      if (us >= shortest_us) continue;
      shortest_us = us;
      best = {cost.tile, parts};
    }
  return best;
}

std::int64_t scratch_floats(int m, int n, const ProductPlan& plan) {
  return plan.parts == 1 ? 0 : std::int64_t{plan.parts} * m * n;
}

}  // namespace cnn
// endregion
