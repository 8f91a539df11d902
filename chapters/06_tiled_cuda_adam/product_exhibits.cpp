// region quiet: includes
#include "chapters/06_tiled_cuda_adam/exhibits.hpp"

namespace cnn {
// endregion

// region exhibit-steps
namespace {

using All = std::vector<Exhibit>;

double flop_of(const ProductSizes& sizes) {
  return 2.0 * sizes.m * sizes.n * sizes.k;
}

void add_steps(All& all, const ExhibitLaunches& launches) {
  static constexpr std::array kShows{
      "a thread an element, lanes down a column: a sector of a for each lane",
      "lanes along a row: 32 of them share one sector of a, and four of b",
      "tiles of 32 x 32 in shared memory, a's turned: look at the stores",
      "the same, a's tile a column wider: its stores take one pass again",
      "8 sums of a column a thread: 9 shared loads for 8 products",
      "8 x 8 sums a thread: 16 shared loads for 64 products",
      "by fours: 4 wide loads for 64 products, 3 passes each",
      "cp.async: a copy is a global load, and a shared store when it arrives",
      "8 x 16 sums a thread: 6 wide loads for 128 products, 2 passes each"};
  static_assert(kShows.size() == kStepNames.size());
  for (std::size_t i = 0; i < kStepNames.size(); ++i) {
    const int number = static_cast<int>(i);
    all.push_back(
        {kStepNames[i], "step " + std::to_string(i) + ", " + kShows[i],
         [=] { launches.step(number, kWholeTiles); }, flop_of(kWholeTiles)});
  }
  all.push_back({"ragged_steps", "all nine once more, 67 x 33 times 33 x 70",
                 [=] {
                   for (std::size_t i = 0; i < kStepNames.size(); ++i) {
                     launches.step(static_cast<int>(i), kRaggedTiles);
                   }
                 },
                 flop_of(kRaggedTiles) * kStepNames.size()});
  constexpr ProductSizes kTiny{8, 8, 8};
  all.push_back({"tiny_tiles", "step 2 on 8 x 8, in tiles of 4 x 4: a picture",
                 [=] { launches.tiny_tiles(kTiny); }, flop_of(kTiny)});
}
// endregion

// region exhibit-forms
struct NamedTile {
  ProductPlan::Tile tile;
  const char* name;
};
constexpr std::array kProductTiles{
    NamedTile{ProductPlan::Tile::kLarge, "large"},
    NamedTile{ProductPlan::Tile::kMedium, "medium"},
    NamedTile{ProductPlan::Tile::kSmall, "small"}};

/// "t" for a factor that lies transposed.
std::string letter(bool transposed) {
  return transposed ? "t" : "n";
}

void add_forms(All& all, const ExhibitLaunches& launches) {
  for (const NamedTile& one : kProductTiles) {
    for (const bool a : {false, true}) {
      for (const bool b : {false, true}) {
        const ProductPlan plan{.tile = one.tile, .parts = 1};
        all.push_back(
            {std::string("product_") + one.name + "_" + letter(a) + letter(b),
             std::string("step 8 by ") + one.name + " tiles, a " +
                 (a ? "transposed" : "as it is") + ", b " +
                 (b ? "transposed" : "as it is"),
             [=] { launches.product(kWholeTiles, a, b, plan); },
             flop_of(kWholeTiles)});
      }
    }
  }
  all.push_back({"ragged_forms",
                 "small tiles, all four forms, 67 x 33 times 33 x 70",
                 [=] {
                   const ProductPlan plan{ProductPlan::Tile::kSmall, 1};
                   for (const bool a : {false, true}) {
                     for (const bool b : {false, true}) {
                       launches.product(kRaggedTiles, a, b, plan);
                     }
                   }
                 },
                 4 * flop_of(kRaggedTiles)});
  constexpr ProductSizes kDeep{33, 37, 300};
  all.push_back({"product_parts",
                 "300 terms in 4 parts, whose sums are added in order",
                 [=] {
                   const ProductPlan plan{ProductPlan::Tile::kSmall, 4};
                   launches.product(kDeep, false, true, plan);
                 },
                 flop_of(kDeep)});
}

}  // namespace

std::vector<Exhibit> product_exhibits(const ExhibitLaunches& launches) {
  All all;
  add_steps(all, launches);
  add_forms(all, launches);
  return all;
}

}  // namespace cnn
// endregion
