// region quiet: includes
#include "chapters/04_cpu_cnn/confusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace cnn {
// endregion

// region confusion-counts
ConfusionMatrix::ConfusionMatrix(std::vector<std::string> class_names,
                                 std::span<const Prediction> predictions)
    : class_names_(std::move(class_names)),
      counts_(class_names_.size() * class_names_.size()) {
  for (const Prediction& prediction : predictions) {
    const std::int64_t cell = prediction.truth * classes() + prediction.said;
    ++counts_.at(static_cast<std::size_t>(cell));
  }
}

ConfusionMatrix::ConfusionMatrix(std::vector<std::string> class_names,
                                 std::vector<std::int64_t> counts)
    : class_names_(std::move(class_names)), counts_(std::move(counts)) {
  if (counts_.size() != class_names_.size() * class_names_.size()) {
    throw std::invalid_argument("ConfusionMatrix: not classes x classes");
  }
}

std::int64_t ConfusionMatrix::classes() const {
  return std::ssize(class_names_);
}

const std::string& ConfusionMatrix::name(std::int64_t class_index) const {
  return class_names_.at(static_cast<std::size_t>(class_index));
}

std::int64_t ConfusionMatrix::count(std::int64_t truth,
                                    std::int64_t said) const {
  return counts_.at(static_cast<std::size_t>(truth * classes() + said));
}

std::int64_t ConfusionMatrix::pictures(std::int64_t truth) const {
  std::int64_t sum = 0;
  for (std::int64_t said = 0; said < classes(); ++said) {
    sum += count(truth, said);
  }
  return sum;
}

double ConfusionMatrix::accuracy(std::int64_t truth) const {
  return static_cast<double>(count(truth, truth)) /
         static_cast<double>(pictures(truth));
}
// endregion

// region most-confused
std::vector<ConfusedPair> most_confused(const ConfusionMatrix& matrix,
                                        std::size_t how_many) {
  std::vector<ConfusedPair> pairs;
  for (std::int64_t truth = 0; truth < matrix.classes(); ++truth) {
    for (std::int64_t said = 0; said < matrix.classes(); ++said) {
      const std::int64_t count = matrix.count(truth, said);
      if (truth != said && count > 0) pairs.push_back({truth, said, count});
    }
  }
  std::ranges::stable_sort(pairs, std::greater(), &ConfusedPair::count);
  pairs.resize(std::min(pairs.size(), how_many));
  return pairs;
}
// endregion

// region confusion-table
namespace {

/// Class names as headings of narrow columns.
std::string shortened(const std::string& name, std::size_t length) {
  return name.size() <= length ? name : name.substr(0, length - 1) + ".";
}

}  // namespace

std::string to_table(const ConfusionMatrix& matrix) {
  constexpr std::size_t kNameWidth = 11;
  constexpr std::size_t kCellWidth = 6;
  std::string text = fmt::format("  {:<{}}", "truth", kNameWidth);
  for (std::int64_t said = 0; said < matrix.classes(); ++said) {
    text += fmt::format("{:>{}}", shortened(matrix.name(said), kCellWidth - 1),
                        kCellWidth);
  }
  text += fmt::format("{:>9}\n", "right");
  for (std::int64_t truth = 0; truth < matrix.classes(); ++truth) {
    text += fmt::format(
        "  {:<{}}", shortened(matrix.name(truth), kNameWidth - 1), kNameWidth);
    for (std::int64_t said = 0; said < matrix.classes(); ++said) {
      const std::int64_t count = matrix.count(truth, said);
      // A dot is easier to look over than a zero.
      text += fmt::format("{:>{}}", count > 0 ? std::to_string(count) : ".",
                          kCellWidth);
    }
    text += fmt::format("{:>7.1f} %\n", 100 * matrix.accuracy(truth));
  }
  return text;
}
// endregion

// region confusion-picture
Picture to_picture(const ConfusionMatrix& matrix, std::int64_t cell) {
  constexpr std::uint8_t kRight = 96;
  constexpr std::int64_t kDimmest = 130;  // of what is not nothing
  constexpr std::uint8_t kLine = 24;
  const auto worst = most_confused(matrix, 1);
  const std::int64_t most = worst.empty() ? 1 : worst.front().count;
  const std::int64_t side = matrix.classes() * cell;
  Picture picture{.width = side, .height = side, .channels = 1, .pixels = {}};
  picture.pixels.reserve(static_cast<std::size_t>(side * side));
  for (std::int64_t y = 0; y < side; ++y) {
    for (std::int64_t x = 0; x < side; ++x) {
      const std::int64_t truth = y / cell;
      const std::int64_t said = x / cell;
      const std::int64_t count = matrix.count(truth, said);
      std::uint8_t grey = 0;
      if (x % cell == 0 || y % cell == 0) {
        grey = kLine;
      } else if (truth == said) {
        grey = kRight;
      } else if (count > 0) {
        grey = static_cast<std::uint8_t>(kDimmest +
                                         (255 - kDimmest) * count / most);
      }
      picture.pixels.push_back(grey);
    }
  }
  return picture;
}

}  // namespace cnn
// endregion
