// region quiet: includes
#include "chapters/07_four_reports/sparse_pictures.hpp"

#include <algorithm>

namespace cnn {
// endregion

// region sparse-pictures-made
SparsePictures::SparsePictures(const Dataset& dataset)
    : count_(dataset.count), strips_(dataset.picture_size() / kStrip) {
  constexpr auto kPictures = InkGroup::kPictures;
  for (std::int64_t n = 0; n < count_; n += kPictures) {
    add_group(dataset, n, std::min(n + kPictures, count_));
  }
}

void SparsePictures::add_group(const Dataset& dataset, std::int64_t begin,
                               std::int64_t end) {
  const std::size_t first = ink_.size();
  group_begins_.push_back(first);
  begins_.push_back(0);
  for (std::int64_t strip = 0; strip < strips_; ++strip) {
    for (std::int64_t n = begin; n < end; ++n) {
      const auto pixels = dataset.picture(n).subspan(
          static_cast<std::size_t>(strip * kStrip), kStrip);
      if (std::ranges::count(pixels, 0) == kStrip) continue;
      Ink ink{.picture = static_cast<std::uint8_t>(n - begin), .brightness{}};
      std::ranges::copy(pixels, ink.brightness);
      ink_.push_back(ink);
    }
    begins_.push_back(static_cast<std::uint32_t>(ink_.size() - first));
  }
}
// endregion

// region ink-of-a-group
std::int64_t SparsePictures::groups() const {
  return std::ssize(group_begins_);
}

InkGroup SparsePictures::group(std::int64_t index) const {
  return {.ink = ink_.data() + group_begins_[static_cast<std::size_t>(index)],
          .begins = begins_.data() + index * (strips_ + 1),
          .strips = strips_};
}

std::int64_t SparsePictures::bytes() const {
  return static_cast<std::int64_t>(ink_.size() * sizeof(Ink) +
                                   begins_.size() * sizeof(std::uint32_t) +
                                   group_begins_.size() * sizeof(std::size_t));
}

}  // namespace cnn
// endregion
