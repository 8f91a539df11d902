// region quiet: includes
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "chapters/04_cpu_cnn/networks.hpp"
#include "chapters/04_cpu_cnn/optimiser.hpp"
#include "chapters/04_cpu_cnn/trainer.hpp"
#include "common/options.hpp"

namespace cnn {
// endregion

// region training-flags
/// What this program's reader may change about the training. 0 stands for what
/// suits the network.
struct TrainingFlags {
  std::string network = "001";
  std::int64_t epochs = 0;
  std::int64_t batch = 0;
  double rate = 0;
  double momentum = 0.9;
  double weight_decay = 0;
  std::string schedule = "one-cycle";
  std::int64_t patience = 0;
  std::int64_t seeds = 1;
  std::filesystem::path save;
  std::filesystem::path checkpoint;
  bool resume = false;

  /// For the command line.
  ChapterFlags flags();
};

/// A training as flags and mode ask for it. Throws InputError when the flags
/// do not go together.
struct TrainingChoice {
  ReportedNetwork network;
  SgdOptions sgd;
  TrainingPlan plan;
};
/// See TrainingChoice.
TrainingChoice choose_training(const TrainingFlags& flags,
                               const Options& options, std::int64_t classes);

}  // namespace cnn
// endregion
