// region quiet: includes
#include "chapters/07_four_reports/sparse_pictures.hpp"

namespace cnn {
// endregion

// region sparse-pictures-made
SparsePictures::SparsePictures(const Dataset& dataset, std::int64_t band)
    : count_(dataset.count),
      picture_size_(dataset.picture_size()),
      bands_((picture_size_ + band - 1) / band) {
  for (std::int64_t n = 0; n < count_; ++n) {
    const auto picture = dataset.picture(n);
    for (std::int64_t place = 0; place < picture_size_; ++place) {
      const std::uint8_t byte = picture[static_cast<std::size_t>(place)];
      if (byte != 0) {
        pixels_.push_back({static_cast<std::uint32_t>(place),
                           static_cast<float>(byte) / 255});
      }
      const bool last = place + 1 == picture_size_ || (place + 1) % band == 0;
      if (last) begins_.push_back(pixels_.size());
    }
  }
}

double SparsePictures::density() const {
  return static_cast<double>(pixels_.size()) /
         static_cast<double>(count() * picture_size_);
}

}  // namespace cnn
// endregion
