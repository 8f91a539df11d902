/// @file
/// Random geometries for the tests of the chapters.
#pragma once

#include <cstdint>
#include <vector>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "common/random.hpp"

namespace cnn::test {

/// `count` valid geometries: batch 1 to 5, channels 1 to 17, kernels 1 to 7
/// (not square as a rule), stride 1 to 3, padding 0 to 3, sizes up to 15.
inline std::vector<ConvolutionGeometry> random_geometries(int count,
                                                          std::uint64_t seed) {
  const Random random(seed, 99);
  std::uint64_t drawn = 0;
  const auto from_to = [&](std::int64_t low, std::int64_t high) {
    const auto range = static_cast<std::uint64_t>(high - low + 1);
    return low + static_cast<std::int64_t>(random.below(drawn++, range));
  };
  std::vector<ConvolutionGeometry> geometries;
  while (geometries.size() < static_cast<std::size_t>(count)) {
    const ConvolutionGeometry geometry{.batch = from_to(1, 5),
                                       .input_channels = from_to(1, 17),
                                       .input_height = from_to(1, 15),
                                       .input_width = from_to(1, 15),
                                       .output_channels = from_to(1, 17),
                                       .kernel_height = from_to(1, 7),
                                       .kernel_width = from_to(1, 7),
                                       .stride = from_to(1, 3),
                                       .padding = from_to(0, 3)};
    const bool fits =
        geometry.kernel_height <=
            geometry.input_height + 2 * geometry.padding &&
        geometry.kernel_width <= geometry.input_width + 2 * geometry.padding;
    if (fits) geometries.push_back(geometry);
  }
  return geometries;
}

}  // namespace cnn::test
