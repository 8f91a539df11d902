// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>

#include "chapters/04_cpu_cnn/device_dataset.hpp"
#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/04_cpu_cnn/profile.hpp"
#include "chapters/04_cpu_cnn/trainer.hpp"
#include "chapters/06_tiled_cuda_adam/adam.hpp"
#include "chapters/07_four_reports/experiment.hpp"
#include "common/data/dataset.hpp"
#include "common/timing.hpp"

namespace cnn {
// endregion

// region timed-training
/// An experiment's training of which only the pace counts: it has no test, and
/// no end.
class TimedTraining {
 public:
  /// @param stretch steps between two looks at the clock and at the loss
  /// Throws InputError when pictures and network do not fit. Backend, Adam and
  /// pictures have to outlive it.
  TimedTraining(const Experiment& experiment, const Dataset& pictures,
                Backend& backend, AdamBackend& adam, std::int64_t stretch);

  /// Trains one stretch, and waits for it. Returns the seconds for all of it.
  double run_stretch();
  /// Steps that the last stretch was made of: fewer at the end of an epoch.
  std::int64_t last_steps() const { return last_steps_; }
  /// Seconds for one step: stretch after stretch, until that is enough.
  Timing time(const TimingPlan& plan);
  /// Of one step.
  double flop() const { return step_flop(network_); }
  /// All that is learnt, for a comparison bit by bit.
  Weights weights() const { return download_weights(network_); }

 private:
  DeviceDataset pictures_;
  Network network_;
  std::unique_ptr<Optimiser> optimiser_;
  Trainer trainer_;
  std::int64_t last_steps_ = 0;
};
// endregion

// region gpu-seconds
/// Seconds that the backend's own work takes in a step, without the waiting for
/// orders: it is held up with something else until the host has asked for a
/// whole stretch, and then does it in one go. The stretch should be short,
/// since not more than about a thousand launches can queue up.
double seconds_without_gaps(TimedTraining& training, Backend& backend);

}  // namespace cnn
// endregion
