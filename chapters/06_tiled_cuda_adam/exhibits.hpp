// region quiet: includes
#pragma once

#include <array>
#include <string>
#include <vector>

#include "chapters/05_naive_cuda/device.hpp"
#include "chapters/06_tiled_cuda_adam/exhibit_launches.hpp"
#include "common/simt/exhibit.hpp"

namespace cnn {
// endregion

// region exhibits
/// All of this chapter's kernels at work. Throws SkipError with why_not() where
/// they cannot run.
std::vector<Exhibit> tiled_exhibits(Device device);
/// Of these, products and convolutions, launched by plans of their own.
std::vector<Exhibit> product_exhibits(const ExhibitLaunches& launches);
/// See above.
std::vector<Exhibit> convolution_exhibits(const ExhibitLaunches& launches);

/// Of the nine steps of the product: a whole number of tiles of each, ...
inline constexpr ProductSizes kWholeTiles{128, 128, 32};
/// ... and none of any.
inline constexpr ProductSizes kRaggedTiles{67, 70, 33};

/// What the exhibit of a step of the product is called: "tiled", "padded", ...
inline constexpr std::array kStepNames{
    "naive",      "coalesced",           "tiled",
    "padded",     "register_blocked_1d", "register_blocked_2d",
    "vectorised", "double_buffered",     "tuned"};

}  // namespace cnn
// endregion
