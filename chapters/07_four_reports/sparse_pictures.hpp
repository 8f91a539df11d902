// region quiet: includes
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chapters/07_four_reports/ink.hpp"
#include "common/data/dataset.hpp"

namespace cnn {
// endregion

// region sparse-pictures
/// Pictures without their paper: only the pixels that are not 0. Four fifths of
/// a digit are. A matrix in compressed sparse rows, one a picture.
class SparsePictures {
 public:
  explicit SparsePictures(const Dataset& dataset);

  std::int64_t count() const { return std::ssize(begins_) - 1; }
  /// What is not paper, in the order of its places.
  std::span<const Ink> ink(std::int64_t picture) const {
    const auto row = static_cast<std::size_t>(picture);
    return std::span(ink_).subspan(begins_[row],
                                   begins_[row + 1] - begins_[row]);
  }
  /// Share of all pixels that are kept.
  double density() const;
  std::int64_t bytes() const;

 private:
  std::int64_t picture_size_;
  std::vector<std::size_t> begins_{0};
  std::vector<Ink> ink_;
};

}  // namespace cnn
// endregion
