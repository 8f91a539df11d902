// region quiet: includes
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "chapters/04_cpu_cnn/history.hpp"
#include "chapters/07_four_reports/sparse_pictures.hpp"

namespace cnn {
// endregion

// region one-pass-weights
/// Up to 16 numbers that belong together: the weights from one input to all
/// neurons of a layer. As many as one AVX-512 register holds; the rest are 0.
struct alignas(64) Lanes {
  static constexpr std::int64_t kMost = 16;
  std::array<float, kMost> lane{};
};

/// The two dense layers of report 000, or the gradients of their weights.
struct TwoLayers {
  std::vector<Lanes> hidden;  ///< one for each pixel
  Lanes hidden_bias;
  std::array<Lanes, Lanes::kMost> output;  ///< one for each hidden neuron
  Lanes output_bias;
};
// endregion

// region one-pass
/// A step of gradient descent on all pictures that reads each of them once:
/// forward, loss and backward while it is in the cache, and no activation ever
/// goes to memory. A network made of operations cannot do that: each of them
/// has to be through with all pictures before the next one begins.
class OnePass {
 public:
  /// @param labels one a picture, each below `classes`
  /// @param classes at most Lanes::kMost
  /// All have to outlive it.
  OnePass(const SparsePictures& pictures, std::span<const std::uint8_t> labels,
          std::int64_t classes, int threads);

  /// Sets `gradient` (of the mean loss) and returns loss and accuracy. The same
  /// bits for any number of threads.
  Score run(const TwoLayers& layers, TwoLayers& gradient);

 private:
  /// What one piece of the pictures adds up to.
  struct Part {
    TwoLayers gradient;
    double loss;
    std::int64_t right;
  };
  void learn(const TwoLayers& layers, std::int64_t begin, std::int64_t end,
             Part& part) const;
  Lanes slope_of_hidden(const TwoLayers& layers, std::int64_t picture,
                        Lanes hidden, Part& part) const;

  const SparsePictures* pictures_;
  std::span<const std::uint8_t> labels_;
  std::int64_t classes_;
  int threads_;
  std::array<Lanes, Lanes::kMost> output_columns_;  ///< of this run's layers
  std::vector<Part> parts_;
};

/// layers -= rate * gradient.
void descend(float rate, const TwoLayers& gradient, TwoLayers& layers);

}  // namespace cnn
// endregion
