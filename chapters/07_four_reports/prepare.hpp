// region quiet: includes
#pragma once

#include <optional>

#include "chapters/07_four_reports/model.hpp"
#include "common/data/picture.hpp"
// endregion

// region prepare
namespace cnn {

/// A picture as the network wants it.
struct Prepared {
  std::vector<std::uint8_t> pixels;  ///< height x width of the model's pictures
  bool inverted = false;
};

/// Makes a picture of any size and colour one of those that the model learnt
/// from, by the steps that a folder of training pictures takes: grey, then
/// stretched to fit. Where the model's pictures are light on dark and this one
/// is dark on light, or the other way round, black and white change places.
/// @param invert whether they do, when the caller knows better
/// Throws InputError when the model does not take grey pictures.
Prepared prepare(const Picture& picture, const Model& model,
                 std::optional<bool> invert = {});

}  // namespace cnn
// endregion
