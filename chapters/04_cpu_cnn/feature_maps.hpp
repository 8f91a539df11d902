// region quiet: includes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/network.hpp"
#include "common/data/picture.hpp"

namespace cnn {
// endregion

// region feature-maps
/// Numbers of the layers that are convolutions.
std::vector<std::int64_t> convolution_layers(const Network& network);

/// The filters of convolution `layer`, a square for each pair of input and
/// output channel, at most `most` of them: black is the most negative weight,
/// white the most positive, grey is 0.
Picture draw_filters(const Network& network, std::int64_t layer,
                     std::int64_t most, std::int64_t scale);

/// What convolution `layer` made of the first picture of the last batch, a
/// square for each channel, brightest where it answered most: the output of
/// that layer, or of the first one after it that was written to memory.
Picture draw_feature_maps(const Network& network, std::int64_t layer,
                          std::int64_t scale);

}  // namespace cnn
// endregion
