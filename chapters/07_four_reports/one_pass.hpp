// region quiet: includes
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "chapters/04_cpu_cnn/history.hpp"
#include "chapters/07_four_reports/ink.hpp"
#include "chapters/07_four_reports/sparse_pictures.hpp"
#include "common/data/dataset.hpp"

namespace cnn {
// endregion

// region one-pass
/// A step of gradient descent on all pictures that reads each of them once:
/// forward, loss and backward while it is in the cache, and no activation ever
/// goes to memory. A network made of operations cannot do that: each of them
/// has to be through with all pictures before the next one begins.
class OnePass {
 public:
  /// Keeps the ink of the pictures. Throws InputError as expect_two_layers().
  OnePass(const Dataset& pictures, int threads);

  /// Sets `gradient` (of the mean loss) and returns loss and accuracy of these
  /// layers; both are TwoLayers. The same bits for any number of threads.
  Score run(std::span<const float> layers, std::span<float> gradient);

  /// Of the ink, and of the sums over it.
  std::int64_t bytes() const;

 private:
  struct alignas(64) Row : std::array<float, kInkRow> {};
  /// A row for each pixel, then for each hidden neuron, then the biases.
  using Rows = std::vector<Row>;
  /// What one piece of the pictures adds up to.
  struct Part {
    Rows gradient;
    double loss = 0;
    std::int64_t right = 0;
  };
  void learn(std::int64_t group, Part& part) const;
  void turn(std::int64_t picture, Row& sums, Part& part) const;
  void judge(std::int64_t picture, float* logits, Part& part) const;
  Score add_parts(std::span<float> gradient) const;

  SparsePictures pictures_;
  std::vector<std::uint8_t> labels_;
  std::int64_t classes_;
  int threads_;
  InkRoutines routines_;
  Rows rows_;            ///< of this run's layers
  Rows output_columns_;  ///< a row for each class
  std::vector<Part> parts_;
};
// endregion

// region descend
/// layers -= rate * gradient.
void descend(float rate, std::span<const float> gradient,
             std::span<float> layers);

}  // namespace cnn
// endregion
