// region quiet: includes
#pragma once

#include <cstdint>
#include <span>

#include "common/data/dataset.hpp"
// endregion

// region ground
namespace cnn {

/// What the pictures were drawn on.
enum class Ground {
  kDark,   ///< light on dark, as MNIST's digits
  kLight,  ///< dark on light, as ink on paper
  kMixed   ///< either, or neither
};

/// Of one picture of height x width bytes: dark or light when its border is,
/// and its middle is the other way.
Ground ground_of(std::span<const std::uint8_t> picture, std::int64_t height,
                 std::int64_t width);
/// Of a data set: what at least nine of ten of its pictures say.
Ground ground_of(const Dataset& pictures);

}  // namespace cnn
// endregion
