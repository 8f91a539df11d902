// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "chapters/04_cpu_cnn/history.hpp"
#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/07_four_reports/place.hpp"
#include "common/data/dataset.hpp"

namespace cnn {
// endregion

// region full-batch
/// Report 000 (and 004, the same project): a network of two dense layers,
/// 784-10-10, that sees all training pictures in every step. Gradient descent
/// at a rate of 0.1, 1,000 pictures set aside.
struct FullBatchPlan {
  std::int64_t iterations = 500;
  float rate = 0.1F;
  std::int64_t validation = 1000;
  std::uint64_t seed = 1;
};

/// Where the time of an iteration goes, in seconds: sums over all iterations.
struct FullBatchTimes {
  double forward = 0;
  double backward = 0;  ///< with the loss
  double update = 0;
  double total() const { return forward + backward + update; }
};

/// What came out of it.
struct FullBatchOutcome {
  std::int64_t pictures = 0;
  std::int64_t iterations = 0;
  FullBatchTimes times{};
  std::vector<double> losses{};      ///< of the training pictures, one a step
  std::vector<double> accuracies{};  ///< likewise
  Score validation{};
  Score test{};
  std::int64_t bytes = 0;  ///< that the backend handed out
};

/// Trains. The clock is read when the backend has finished each third of an
/// iteration, which is three waits more than it needs.
FullBatchOutcome train_full_batch(const FullBatchPlan& plan,
                                  const DatasetPair& data, const Place& place);
// endregion

// region full-batch-gradient
/// What one step of descent needs, of the mean loss over some pictures.
struct FullBatchGradient {
  std::vector<float> gradient;  ///< TwoLayers
  double loss = 0;
};

/// By the network of layers, for comparison.
/// @param layers TwoLayers
FullBatchGradient full_batch_gradient(const Dataset& pictures,
                                      std::span<const float> layers,
                                      const Place& place);
/// What TwoLayers make of these pictures; nothing (NaN) of no pictures.
Score judge_layers(std::span<const float> layers, const Dataset& pictures,
                   const Place& place);
/// The network, with all these pictures in its batch.
std::unique_ptr<Network> make_full_batch(const Dataset& pictures,
                                         const Place& place,
                                         std::uint64_t seed);
/// TwoLayers as the seed begins them.
std::vector<float> first_layers(const Dataset& pictures, std::uint64_t seed);

}  // namespace cnn
// endregion
