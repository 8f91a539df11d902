// region quiet: includes
#include "chapters/07_four_reports/ground.hpp"

#include <algorithm>
// endregion

// region ground-of-picture
namespace cnn {

Ground ground_of(std::span<const std::uint8_t> picture, std::int64_t height,
                 std::int64_t width) {
  double border = 0;
  double middle = 0;
  double border_pixels = 0;
  double middle_pixels = 0;
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      const double byte = picture[static_cast<std::size_t>(y * width + x)];
      // How far in from the nearest edge.
      const std::int64_t rows = std::min(y, height - 1 - y);
      const std::int64_t columns = std::min(x, width - 1 - x);
      if (rows == 0 || columns == 0) {
        border += byte;
        ++border_pixels;
      } else if (4 * rows >= height && 4 * columns >= width) {
        middle += byte;
        ++middle_pixels;
      }
    }
  }
  if (middle_pixels == 0) return Ground::kMixed;
  border /= border_pixels;
  middle /= middle_pixels;
  constexpr double kGrey = 127.5;
  if (border < kGrey && middle > border) return Ground::kDark;
  if (border > kGrey && middle < border) return Ground::kLight;
  return Ground::kMixed;
}
// endregion

// region ground-of-dataset
Ground ground_of(const Dataset& pictures) {
  if (pictures.channels != 1) return Ground::kMixed;
  std::int64_t dark = 0;
  std::int64_t light = 0;
  for (std::int64_t n = 0; n < pictures.count; ++n) {
    const Ground ground =
        ground_of(pictures.picture(n), pictures.height, pictures.width);
    dark += ground == Ground::kDark ? 1 : 0;
    light += ground == Ground::kLight ? 1 : 0;
  }
  constexpr std::int64_t kOutOf = 10;  // nine in ten, in whole numbers
  if (kOutOf * dark >= (kOutOf - 1) * pictures.count) return Ground::kDark;
  if (kOutOf * light >= (kOutOf - 1) * pictures.count) return Ground::kLight;
  return Ground::kMixed;
}

}  // namespace cnn
// endregion
