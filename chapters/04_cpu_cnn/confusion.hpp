// region quiet: includes
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "common/data/picture.hpp"

namespace cnn {
// endregion

// region confusion
/// How often each class was taken for each other.
class ConfusionMatrix {
 public:
  ConfusionMatrix(std::vector<std::string> class_names,
                  std::span<const Prediction> predictions);
  /// From all counts, a row for each truth: classes x classes. Throws
  /// std::invalid_argument when there are more or fewer.
  ConfusionMatrix(std::vector<std::string> class_names,
                  std::vector<std::int64_t> counts);

  std::int64_t classes() const;
  /// What the class is called.
  const std::string& name(std::int64_t class_index) const;
  /// Pictures of class `truth` of which the network said `said`.
  std::int64_t count(std::int64_t truth, std::int64_t said) const;
  /// How many pictures of this class there are.
  std::int64_t pictures(std::int64_t truth) const;
  /// Share of right answers among the pictures of one class.
  double accuracy(std::int64_t truth) const;
  /// All counts, a row for each truth.
  std::span<const std::int64_t> counts() const { return counts_; }

 private:
  std::vector<std::string> class_names_;
  std::vector<std::int64_t> counts_;  ///< a row for each truth
};
// endregion

// region confusion-functions
/// Two classes that were confused.
struct ConfusedPair {
  std::int64_t truth = 0;
  std::int64_t said = 0;
  std::int64_t count = 0;
};

/// Wrong answers only, most frequent first.
std::vector<ConfusedPair> most_confused(const ConfusionMatrix& matrix,
                                        std::size_t how_many);
/// A table with a row for each truth and a column for each answer.
std::string to_table(const ConfusionMatrix& matrix);
/// One square a cell. Right answers are grey; wrong ones are the brighter the
/// more there are.
Picture to_picture(const ConfusionMatrix& matrix, std::int64_t cell = 24);

}  // namespace cnn
// endregion
