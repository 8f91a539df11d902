// region quiet: includes
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/data/dataset.hpp"
#include "common/data/picture.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region filters-declarations
/// A 3x3 filter with a name, its weights row by row.
struct PictureFilter {
  std::string_view name;
  std::array<float, 9> weights;
};

/// The bank of this chapter: identity, blur, sharpen and two edge detectors.
std::span<const PictureFilter> picture_filters();

/// Applies the whole bank to the pictures `indices` of a data set, each
/// channel's bytes scaled to [0, 1], with padding 1 so that the size stays.
/// @return NCHW: a picture for every index, a channel for every filter
Tensor filter_pictures(const Dataset& dataset,
                       std::span<const std::int64_t> indices);

/// One grey picture of all channels: a column for each n, a row for each c,
/// every pixel `scale` x `scale`. 0 and less is black, 1 and more is white.
Picture contact_sheet(const Tensor& responses, std::int64_t scale);

}  // namespace cnn
// endregion
