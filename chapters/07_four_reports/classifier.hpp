// region quiet: includes
#pragma once

#include <memory>
#include <span>

#include "chapters/07_four_reports/model.hpp"
// endregion

// region classifier
namespace cnn {

/// A model at work on the CPU.
class Classifier {
 public:
  explicit Classifier(Model model, int threads = 1);

  const Model& model() const { return model_; }

  /// What the last layer says of each picture: pictures x classes.
  /// @param pixels one or more pictures of the model's size, CHW, one after
  /// another
  std::vector<float> logits(std::span<const std::uint8_t> pixels);

 private:
  Model model_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Network> network_;
};

/// Softmax of one row, in float64: numbers that add up to 1.
std::vector<double> probabilities(std::span<const float> logits);

}  // namespace cnn
// endregion
