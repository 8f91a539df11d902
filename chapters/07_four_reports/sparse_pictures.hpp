// region quiet: includes
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chapters/07_four_reports/ink.hpp"
#include "common/data/dataset.hpp"

namespace cnn {
// endregion

// region sparse-pictures
/// Pictures without their paper: only the strips in which there is ink. Each
/// group of pictures is a matrix in compressed sparse columns, one a strip.
class SparsePictures {
 public:
  /// Pictures must consist of whole strips.
  explicit SparsePictures(const Dataset& dataset);

  std::int64_t count() const { return count_; }
  std::int64_t groups() const;
  /// Pictures [kPictures * index, kPictures * (index + 1)), or to the last.
  InkGroup group(std::int64_t index) const;
  std::int64_t bytes() const;

 private:
  void add_group(const Dataset& dataset, std::int64_t begin, std::int64_t end);

  std::int64_t count_;
  std::int64_t strips_;  ///< of a picture
  std::vector<Ink> ink_;
  std::vector<std::size_t> group_begins_;
  std::vector<std::uint32_t> begins_;  ///< in its group, of each strip
};

}  // namespace cnn
// endregion
