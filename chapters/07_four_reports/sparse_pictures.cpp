// region quiet: includes
#include "chapters/07_four_reports/sparse_pictures.hpp"

namespace cnn {
// endregion

// region sparse-pictures-made
SparsePictures::SparsePictures(const Dataset& dataset)
    : picture_size_(dataset.picture_size()) {
  for (std::int64_t n = 0; n < dataset.count; ++n) {
    std::uint32_t place = 0;
    for (const std::uint8_t byte : dataset.picture(n)) {
      if (byte != 0) ink_.push_back({place, static_cast<float>(byte) / 255});
      ++place;
    }
    begins_.push_back(ink_.size());
  }
}

double SparsePictures::density() const {
  return static_cast<double>(ink_.size()) /
         static_cast<double>(count() * picture_size_);
}

std::int64_t SparsePictures::bytes() const {
  return static_cast<std::int64_t>(ink_.size() * sizeof(Ink) +
                                   begins_.size() * sizeof(std::size_t));
}

}  // namespace cnn
// endregion
