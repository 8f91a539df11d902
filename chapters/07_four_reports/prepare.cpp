// region quiet: includes
#include "chapters/07_four_reports/prepare.hpp"

#include <fmt/format.h>

#include <utility>

#include "common/errors.hpp"
// endregion

// region prepare-picture
namespace cnn {

namespace {

/// One is ink on paper, the other is chalk on a board.
bool opposite(Ground one, Ground other) {
  return (one == Ground::kDark && other == Ground::kLight) ||
         (one == Ground::kLight && other == Ground::kDark);
}

}  // namespace

Prepared prepare(const Picture& picture, const Model& model,
                 std::optional<bool> invert) {
  const Shape& wanted = model.picture;
  if (wanted.channels != 1) {
    throw InputError(fmt::format(
        "the model: found one for pictures of {} channels, expected grey ones",
        wanted.channels));
  }
  Picture grey = resize(to_grey(picture), wanted.width, wanted.height);
  Prepared prepared{.pixels = std::move(grey.pixels)};
  const Ground ground = ground_of(prepared.pixels, wanted.height, wanted.width);
  prepared.inverted = invert.value_or(opposite(ground, model.ground));
  if (prepared.inverted) {
    constexpr int kWhite = 255;
    for (std::uint8_t& byte : prepared.pixels) {
      byte = static_cast<std::uint8_t>(kWhite - byte);
    }
  }
  return prepared;
}

}  // namespace cnn
// endregion
