// region quiet: includes
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/device_dataset.hpp"
#include "chapters/04_cpu_cnn/history.hpp"
#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/04_cpu_cnn/optimiser.hpp"
#include "chapters/04_cpu_cnn/schedule.hpp"

namespace cnn {
// endregion

// region training-error
/// Learning went wrong: the loss is no number any more. The message is one
/// sentence that names epoch, step and rate, and says what to try.
class TrainingError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
// endregion

// region training-plan
/// Everything about a training but network, optimiser and data.
struct TrainingPlan {
  std::int64_t epochs = 5;
  Schedule schedule{};
  std::uint64_t seed = 1;  ///< of the order of the pictures
  /// Stop when the validation loss has not fallen for so many epochs, and go
  /// back to the best weights. 0: never.
  std::int64_t patience = 0;
  /// Steps between two looks at the loss. Looking means waiting for the
  /// backend, so not at every step.
  std::int64_t look_every = 50;
};
// endregion

// region training-state
/// Parameters and buffers of a network, off the backend.
struct Weights {
  std::vector<float> parameters;
  std::vector<float> buffers;
};

/// Where a training stands. Together with parameters, buffers and the
/// optimiser's state it is all that a checkpoint has to hold: order of
/// pictures, dropout masks and rates are functions of the step.
struct TrainingState {
  std::int64_t step = 0;  ///< steps done, over all epochs
  bool stopped = false;   ///< early
  double epoch_loss = 0;  ///< sum over the pictures of this epoch so far
  double epoch_right = 0;
  double epoch_seconds = 0;
  double best_loss = 0;         ///< validation loss of `best`
  std::int64_t best_epoch = 0;  ///< 0: none yet
  Weights best;                 ///< empty without early stopping
  History history;
};
// endregion

// region trainer
/// Trains a network: shuffled batches, epoch after epoch. Allocates nothing
/// between two looks at the loss.
class Trainer {
 public:
  /// Called after each epoch, with the state in which a checkpoint may be made.
  using Observer = std::function<void(const Trainer&)>;

  /// @param validation may be null; early stopping needs it
  /// Throws InputError when the plan makes no sense, or there are fewer
  /// pictures than make one batch.
  Trainer(Network& network, Optimiser& optimiser, const DeviceDataset& train,
          const DeviceDataset* validation, TrainingPlan plan);

  /// Trains to the end of the plan, or until early stopping. Throws
  /// TrainingError.
  void run(const Observer& after_epoch = {});
  /// Trains to the end of this epoch, and judges it.
  void run_epoch();
  /// Trains until the next look at the loss, or the epoch's last step.
  void run_steps();
  bool finished() const;

  const TrainingState& state() const { return state_; }
  /// To go on from a checkpoint.
  void restore(TrainingState state);
  /// All that shapes the steps, in words: two trainings with the same recipe
  /// take the same steps. For checkpoints.
  std::string recipe() const;

  Network& network() const { return *network_; }
  Optimiser& optimiser() const { return *optimiser_; }
  std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  std::int64_t steps() const { return plan_.epochs * steps_per_epoch_; }

 private:
  void shuffle(std::int64_t epoch);
  void step();
  void look(std::int64_t steps);
  void judge_epoch();
  std::string describe_progress(double seconds_per_step) const;

  Network* network_;
  Optimiser* optimiser_;
  const DeviceDataset* train_;
  const DeviceDataset* validation_;
  TrainingPlan plan_;
  std::int64_t steps_per_epoch_ = 0;
  TrainingState state_;
  std::vector<std::int64_t> order_;  ///< of the pictures in this epoch
  std::int64_t shuffled_epoch_ = -1;
};
// endregion

// region weights
/// Copies of both arenas, in the program's memory.
Weights download_weights(const Network& network);
/// Throws std::invalid_argument when the sizes are not the network's.
void upload_weights(const Weights& weights, Network& network);

}  // namespace cnn
// endregion
