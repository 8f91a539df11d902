// region quiet: includes
#pragma once

#include <array>

#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"

namespace cnn {
// endregion

// region tile-choices
/// A tile, how many of it a multiprocessor works on at a time, and how fast it
/// is there, relative to the fastest; that was measured, as 06_convolutions
/// --tune does it. A large tile copies less for each product, and leaves more
/// of the GPU idle when there are few.
template <class Tile>
struct Choice {
  Tile tile;
  const char* name;
  int rows;
  int columns;
  int warps;
  int resident;
  double speed;
};

inline constexpr std::array kWindowChoices{
    Choice<WindowTile>{WindowTile::k128x128, "128x128", 128, 128, 4, 2, 1.00},
    Choice<WindowTile>{WindowTile::k64x256, "64x256", 64, 256, 4, 2, 0.87},
    Choice<WindowTile>{WindowTile::k64x128, "64x128", 64, 128, 2, 4, 0.88},
    Choice<WindowTile>{WindowTile::k64x64, "64x64", 64, 64, 4, 4, 0.89},
    Choice<WindowTile>{WindowTile::k48x256, "48x256", 48, 256, 4, 3, 0.81},
    Choice<WindowTile>{WindowTile::k32x128, "32x128", 32, 128, 2, 6, 0.88},
    Choice<WindowTile>{WindowTile::k32x96, "32x96", 32, 96, 3, 4, 0.85}};

inline constexpr std::array kFilterChoices{
    Choice<FilterTile>{FilterTile::k64x96, "64x96", 64, 96, 2, 4, 0.97},
    Choice<FilterTile>{FilterTile::k128x96, "128x96", 128, 96, 4, 2, 0.95},
    Choice<FilterTile>{FilterTile::k64x128, "64x128", 64, 128, 2, 4, 0.82},
    Choice<FilterTile>{FilterTile::k128x128, "128x128", 128, 128, 4, 2, 1.00}};

}  // namespace cnn
// endregion
