// region quiet: includes
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chapters/07_four_reports/full_batch.hpp"
#include "common/timing.hpp"

namespace cnn {
// endregion

// region train-one-pass
/// What came out of FullBatchPlan with each picture read once an iteration.
struct OnePassOutcome {
  std::int64_t pictures = 0;
  std::int64_t iterations = 0;
  double seconds = 0;                ///< of all iterations
  std::vector<double> losses{};      ///< of the training pictures, one a step
  std::vector<double> accuracies{};  ///< likewise
  Score validation{};
  Score test{};
  std::int64_t bytes = 0;  ///< of pictures and of sums over them
};

/// Trains from the weights that train_full_batch() begins with. The clock is
/// read twice: before the first iteration, and when the last one is done.
/// @param threads of the CPU, when it is the place
OnePassOutcome train_one_pass(const FullBatchPlan& plan,
                              const DatasetPair& data, const Place& place,
                              int threads);
// endregion

// region one-pass-gradient
/// Gradient and loss, as full_batch_gradient(), with each picture read once.
FullBatchGradient one_pass_gradient(const Dataset& pictures,
                                    std::span<const float> layers,
                                    const Place& place, int threads);
/// Seconds of one iteration, again and again, with pictures where they are.
Timing time_one_pass(const Dataset& pictures, std::span<const float> layers,
                     const Place& place, int threads, const TimingPlan& plan);

}  // namespace cnn
// endregion
