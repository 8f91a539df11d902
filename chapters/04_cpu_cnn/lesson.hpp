// region quiet: includes
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "chapters/04_cpu_cnn/device_dataset.hpp"
#include "chapters/04_cpu_cnn/training_flags.hpp"
#include "common/data/split.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region load-pictures-declaration
/// The pictures that --data names, or digits; with --quick no more of them than
/// the set in the repository has, for a first look. Puts them on record.
DatasetPair load_pictures(Program& program);
/// What --quick leaves of a data set.
DatasetPair for_a_first_look(DatasetPair data);
// endregion

// region lesson
/// Makes a network's optimiser.
using MakeOptimiser =
    std::function<std::unique_ptr<Optimiser>(Network& network)>;

/// A network and everything that it takes to teach it.
struct Lesson {
  /// By some other optimiser than SGD as the choice has it.
  Lesson(const TrainingChoice& choice, const Split& split, const Dataset& test,
         std::unique_ptr<Backend> where, const MakeOptimiser& make_optimiser);
  Lesson(const TrainingChoice& choice, const Split& split, const Dataset& test,
         std::unique_ptr<Backend> where);
  /// On so many CPU cores.
  Lesson(const TrainingChoice& choice, const Split& split, const Dataset& test,
         int threads);

  std::unique_ptr<Backend> backend;
  DeviceDataset train;
  DeviceDataset validation;
  DeviceDataset test;
  Network network;
  std::unique_ptr<Optimiser> optimiser;
  Trainer trainer;
};

/// Trains, a line an epoch, and writes checkpoints and weights where the flags
/// say so. Returns the score on the test pictures.
Score teach(Program& program, const TrainingFlags& flags, Lesson& lesson);

/// The same once more with each of the next seeds, a line a seed; puts all test
/// accuracies and their mean on record.
void teach_more_seeds(Program& program, const TrainingFlags& flags,
                      TrainingChoice choice, const DatasetPair& data,
                      const Score& first);

/// One picture in twelve is set aside: 5,000 of MNIST's 60,000.
Split set_aside(const Dataset& train, std::uint64_t seed);

}  // namespace cnn
// endregion
