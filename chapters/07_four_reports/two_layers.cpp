// region quiet: includes
#include "chapters/07_four_reports/two_layers.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <stdexcept>

#include "common/errors.hpp"

namespace cnn {
// endregion

// region expect-two-layers
void expect_two_layers(const Dataset& pictures) {
  const auto classes = std::ssize(pictures.class_names);
  if (pictures.picture_size() == TwoLayers::kPixels &&
      classes <= TwoLayers::kNeurons) {
    return;
  }
  throw InputError(fmt::format(
      "{}: found pictures of {} bytes in {} classes, expected {} bytes and at "
      "most {} classes",
      pictures.name, pictures.picture_size(), classes, TwoLayers::kPixels,
      TwoLayers::kNeurons));
}
// endregion

// region two-layers-and-arena
namespace {

/// Calls visit(number of TwoLayers, number of the arena) for each weight:
/// PyTorch has a row for each output of a layer, and we one for each input.
template <class Visit>
void for_each_weight(const Network& network, const Visit& visit) {
  const auto parameters = network.parameters();
  if (std::ssize(parameters) != 4) {
    throw std::invalid_argument("two layers: there are others");
  }
  const auto pairs = [&](std::size_t weight, int inputs, int outputs, int row,
                         int bias) {
    for (int o = 0; o < outputs; ++o) {
      for (int i = 0; i < inputs; ++i) {
        visit(row + i * TwoLayers::kNeurons + o,
              parameters[weight].offset + o * inputs + i);
      }
      visit(bias + o, parameters[weight + 1].offset + o);
    }
  };
  const int classes = static_cast<int>(network.classes());
  pairs(0, TwoLayers::kPixels, TwoLayers::kNeurons, TwoLayers::kHidden,
        TwoLayers::kHiddenBias);
  pairs(2, TwoLayers::kNeurons, classes, TwoLayers::kOutput,
        TwoLayers::kOutputBias);
}

}  // namespace
// endregion

// region two-layers-from
std::vector<float> two_layers_from(const Network& network,
                                   std::span<const float> arena) {
  std::vector<float> layers(TwoLayers::kNumbers);
  for_each_weight(network, [&](int to, std::int64_t from) {
    layers[static_cast<std::size_t>(to)] =
        arena[static_cast<std::size_t>(from)];
  });
  return layers;
}

std::vector<float> arena_from(const Network& network,
                              std::span<const float> two_layers) {
  std::vector<float> arena(static_cast<std::size_t>(network.parameter_count()));
  for_each_weight(network, [&](int from, std::int64_t to) {
    arena[static_cast<std::size_t>(to)] =
        two_layers[static_cast<std::size_t>(from)];
  });
  return arena;
}

}  // namespace cnn
// endregion
