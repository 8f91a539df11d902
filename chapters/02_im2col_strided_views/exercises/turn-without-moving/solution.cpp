#include "exercise.hpp"

namespace cnn {

StridedView<const float> mirrored(std::span<const float> picture,
                                  std::int64_t height, std::int64_t width) {
  Axes shape{height, width};
  Axes strides{width, 1};
  std::int64_t first = 0;
  // your code here: change what has to change
  strides = {width, -1};
  first = width - 1;
  return as_strided(picture, shape, strides, first);
}

StridedView<const float> quarter_turn(std::span<const float> picture,
                                      std::int64_t height, std::int64_t width) {
  Axes shape{height, width};
  Axes strides{width, 1};
  std::int64_t first = 0;
  // your code here
  shape = {width, height};
  strides = {1, -width};
  first = (height - 1) * width;
  return as_strided(picture, shape, strides, first);
}

StridedView<const float> half_size(std::span<const float> picture,
                                   std::int64_t height, std::int64_t width) {
  Axes shape{height, width};
  Axes strides{width, 1};
  std::int64_t first = 0;
  // your code here
  shape = {(height + 1) / 2, (width + 1) / 2};
  strides = {2 * width, 2};
  return as_strided(picture, shape, strides, first);
}

}  // namespace cnn
