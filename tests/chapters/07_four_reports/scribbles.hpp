// Pictures and weights for the tests of report 000's network.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/07_four_reports/two_layers.hpp"
#include "common/data/dataset.hpp"
#include "common/random.hpp"

namespace cnn {

/// Pictures of which a fifth is ink, and no two are alike.
inline Dataset scribbles(std::int64_t count, std::int64_t classes = 10) {
  Dataset pictures{.name = "scribbles",
                   .source = "made up",
                   .count = count,
                   .channels = 1,
                   .height = 28,
                   .width = 28,
                   .pixels = std::vector<std::uint8_t>(
                       static_cast<std::size_t>(count) * TwoLayers::kPixels),
                   .labels = {},
                   .class_names = std::vector<std::string>(
                       static_cast<std::size_t>(classes), "class")};
  const Random random(3, 1);
  for (std::size_t i = 0; i < pictures.pixels.size(); ++i) {
    const auto number = static_cast<std::uint64_t>(i);
    if (random.below(2 * number, 5) != 0) continue;
    pictures.pixels[i] =
        static_cast<std::uint8_t>(random.below(2 * number + 1, 256));
  }
  for (std::int64_t n = 0; n < count; ++n) {
    pictures.labels.push_back(static_cast<std::uint8_t>((n * 7 + 3) % classes));
  }
  return pictures;
}

/// Weights that make some neurons silent, and no answer certain. Weights to
/// classes that there are not are 0.
inline std::vector<float> some_layers(std::int64_t classes = 10) {
  std::vector<float> layers(TwoLayers::kNumbers);
  const Random random(5, 2);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const float wide = i < TwoLayers::kOutput ? 0.05F : 0.4F;
    layers[i] = wide * (2 * random.uniform(i) - 1);
    const bool output = i >= TwoLayers::kOutput && i < TwoLayers::kHiddenBias;
    if (output && static_cast<std::int64_t>(i % 10) >= classes) layers[i] = 0;
  }
  return layers;
}

}  // namespace cnn
