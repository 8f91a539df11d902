/// @file
/// Networks with every layer that can be exported, and pictures for them.
#pragma once

#include <string>
#include <vector>

#include "common/random.hpp"
#include "common/tensor.hpp"

namespace cnn::test {

struct ExportedNetwork {
  std::string layers;
  Shape picture;
  std::int64_t classes = 0;
};

/// Odd sizes, strides and padding above 1, windows that do not fit evenly,
/// batch normalisation before and after the flattening, no dense layer at all;
/// and at last those of the reports.
inline std::vector<ExportedNetwork> exported_networks(bool of_the_reports) {
  std::vector<ExportedNetwork> networks{
      {"3", {1, 1, 2, 5}, 3},
      {"2C3-R-3", {1, 1, 7, 5}, 3},
      {"6C5s2p2-BN-R-A2-11-BN-R-D0.5-5", {1, 3, 13, 11}, 5},
      {"4C3p1-R-P3-5C2s3p1-BN-P2-R-7", {1, 2, 17, 19}, 7},
      {"R-3C2p1-A3-D0.1-4C3", {1, 2, 8, 8}, 4}};
  if (of_the_reports) {
    networks.push_back({"32C3-R-P2-64C3-R-P2-128-R-10", {1, 1, 28, 28}, 10});
    networks.push_back({"40C3p1-BN-R-P2-60C3p1-BN-R-P2-25-BN-R-50-BN-R-10",
                        {1, 1, 28, 28},
                        10});
    networks.push_back({"8C3p1-R-P2-D0.3-10", {1, 1, 28, 28}, 10});
  }
  return networks;
}

inline std::vector<std::uint8_t> random_pictures(const Shape& picture,
                                                 std::int64_t count) {
  const Random random(5, 7);
  std::vector<std::uint8_t> bytes;
  for (std::int64_t i = 0; i < count * picture.size(); ++i) {
    bytes.push_back(static_cast<std::uint8_t>(
        random.below(static_cast<std::uint64_t>(i), 256)));
  }
  return bytes;
}

}  // namespace cnn::test
