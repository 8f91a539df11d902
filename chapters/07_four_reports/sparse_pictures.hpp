// region quiet: includes
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/data/dataset.hpp"

namespace cnn {
// endregion

// region sparse-pictures
/// Pictures without their paper: only the pixels that are not 0. Four fifths of
/// a digit are. This is a matrix in compressed sparse rows, several a picture.
class SparsePictures {
 public:
  /// A pixel that is not 0.
  struct Pixel {
    std::uint32_t place;  ///< in CHW order
    float brightness;     ///< in (0, 1]
  };

  /// @param band how many places of a picture to look at together: what
  /// belongs to so many should fit into the first-level cache
  SparsePictures(const Dataset& dataset, std::int64_t band);

  std::int64_t count() const { return count_; }
  std::int64_t picture_size() const { return picture_size_; }
  std::int64_t bands() const { return bands_; }
  /// The pixels of one picture that lie in one band.
  std::span<const Pixel> pixels(std::int64_t picture, std::int64_t band) const {
    const auto row = static_cast<std::size_t>(picture * bands_ + band);
    return std::span(pixels_).subspan(begins_[row],
                                      begins_[row + 1] - begins_[row]);
  }
  /// Share of all pixels that are kept.
  double density() const;

 private:
  std::int64_t count_;
  std::int64_t picture_size_;
  std::int64_t bands_;
  std::vector<std::size_t> begins_{0};
  std::vector<Pixel> pixels_;
};

}  // namespace cnn
// endregion
