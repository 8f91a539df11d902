// region quiet: includes
#pragma once

#include <span>
#include <vector>

#include "chapters/04_cpu_cnn/network.hpp"
#include "common/data/dataset.hpp"

namespace cnn {
// endregion

// region two-layers
/// The network of report 000 as one row of numbers, weights or the gradient of
/// them: for each pixel its weights to all hidden neurons, then for each hidden
/// neuron its weights to all classes, then the biases of the classes, and last
/// those of the hidden neurons.
struct TwoLayers {
  static constexpr int kPixels = 784;
  static constexpr int kNeurons = 10;  ///< hidden ones, and classes at most
  static constexpr int kHidden = 0;
  static constexpr int kOutput = kPixels * kNeurons;
  static constexpr int kOutputBias = kOutput + kNeurons * kNeurons;
  static constexpr int kHiddenBias = kOutputBias + kNeurons;
  static constexpr int kNumbers = kHiddenBias + kNeurons;
};
// endregion

// region two-layers-functions
/// Throws InputError, one sentence, unless these are pictures of 784 bytes and
/// at most ten classes: what the programs that know the sizes can learn.
void expect_two_layers(const Dataset& pictures);

/// The numbers of a network 784-10-10, or less than ten classes: its parameter
/// arena, or its gradients, downloaded. Classes that it lacks become 0.
std::vector<float> two_layers_from(const Network& network,
                                   std::span<const float> arena);
/// The way back into such an arena.
std::vector<float> arena_from(const Network& network,
                              std::span<const float> two_layers);

}  // namespace cnn
// endregion
