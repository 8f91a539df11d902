// region quiet: includes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/results.hpp"

namespace cnn {
// endregion

// region score
/// How well a network does on some pictures.
struct Score {
  double loss = 0;      ///< mean cross-entropy, in nats
  double accuracy = 0;  ///< share of right answers, in [0, 1]
};
// endregion

// region history
/// One epoch. `train` is what the network did while it learnt: each batch
/// before its own step, with dropout.
struct EpochRecord {
  std::int64_t epoch = 0;  ///< from 1
  Score train;
  Score validation;  ///< both NaN when nothing was set aside
  double rate = 0;   ///< learning rate of the last step
  double seconds = 0;
};

/// One record an epoch, in order.
using History = std::vector<EpochRecord>;

/// Heading and rows of the table that grows while a network learns.
std::string history_heading();
/// The row of one epoch, under that heading.
std::string history_row(const EpochRecord& record);

/// The curves as lists: PREFIX.train_loss, .train_accuracy, .validation_loss,
/// .validation_accuracy, .rate and .seconds.
void record_history(Results& results, const std::string& prefix,
                    const History& history);

}  // namespace cnn
// endregion
