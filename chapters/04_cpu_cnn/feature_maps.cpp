// region quiet: includes
#include "chapters/04_cpu_cnn/feature_maps.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "chapters/01_naive_convolution/filters.hpp"
#include "common/errors.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region convolution-layers
std::vector<std::int64_t> convolution_layers(const Network& network) {
  std::vector<std::int64_t> layers;
  for (const Parameter& parameter : network.parameters()) {
    // Only filters have four axes; "3.weight" belongs to layer 3.
    if (parameter.shape.size() == 4)
      layers.push_back(std::stoll(parameter.name));
  }
  return layers;
}
// endregion

// region squares-on-sheet
namespace {

/// Lays out `planes` pictures of height x width in rows, as nearly square as
/// can be. Cells that are left over stay as they are at the start: black.
Picture sheet_of(std::span<const float> values, std::int64_t planes,
                 std::int64_t height, std::int64_t width, std::int64_t scale) {
  const auto columns = static_cast<std::int64_t>(
      std::ceil(std::sqrt(static_cast<double>(planes))));
  const std::int64_t rows = (planes + columns - 1) / columns;
  Tensor cells({columns, rows, height, width});
  for (std::int64_t plane = 0; plane < planes; ++plane) {
    const auto from =
        values.subspan(static_cast<std::size_t>(plane * height * width),
                       static_cast<std::size_t>(height * width));
    std::ranges::copy(from, &cells(plane % columns, plane / columns, 0, 0));
  }
  return contact_sheet(cells, scale);
}
// endregion

// region filters-as-picture
const Parameter& filters_of(const Network& network, std::int64_t layer) {
  const std::string name = std::to_string(layer) + ".weight";
  for (const Parameter& parameter : network.parameters()) {
    if (parameter.name == name && parameter.shape.size() == 4) return parameter;
  }
  throw InputError("layer " + std::to_string(layer) +
                   ": found no filters, expected a convolution");
}

}  // namespace

Picture draw_filters(const Network& network, std::int64_t layer,
                     std::int64_t most, std::int64_t scale) {
  const Parameter& filters = filters_of(network, layer);
  std::vector<float> weights(static_cast<std::size_t>(filters.size()));
  network.backend().download(network.parameter_arena() + filters.offset,
                             weights);
  float largest = 0;
  for (const float weight : weights) {
    largest = std::max(largest, std::abs(weight));
  }
  for (float& weight : weights) {
    weight = largest > 0 ? 0.5F + 0.5F * weight / largest : 0.5F;
  }
  return sheet_of(weights, std::min(most, filters.shape[0] * filters.shape[1]),
                  filters.shape[2], filters.shape[3], scale);
}
// endregion

// region maps-as-picture
namespace {

/// A fused kernel hands on only what it has pooled: look a layer further.
std::int64_t first_written(const Network& network, std::int64_t layer) {
  for (;; ++layer) {
    try {
      network.output_of(layer);
      return layer;
    } catch (const InputError&) {
      if (layer + 1 >= std::ssize(network.layers())) throw;
    }
  }
}

}  // namespace

Picture draw_feature_maps(const Network& network, std::int64_t layer,
                          std::int64_t scale) {
  const std::int64_t written = first_written(network, layer);
  const Shape& shape =
      network.layers()[static_cast<std::size_t>(written)].output;
  std::vector<float> values = network.output_of(written);
  values.resize(static_cast<std::size_t>(shape.channels * shape.height *
                                         shape.width));  // the first picture
  const float largest = *std::ranges::max_element(values);
  for (float& value : values) value = largest > 0 ? value / largest : 0;
  return sheet_of(values, shape.channels, shape.height, shape.width, scale);
}

}  // namespace cnn
// endregion
