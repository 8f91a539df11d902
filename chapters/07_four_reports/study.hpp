// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/device_dataset.hpp"
#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "chapters/04_cpu_cnn/history.hpp"
#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/04_cpu_cnn/trainer.hpp"
#include "chapters/07_four_reports/experiment.hpp"
#include "chapters/07_four_reports/model.hpp"
#include "chapters/07_four_reports/overwriting_backend.hpp"
#include "chapters/07_four_reports/place.hpp"
#include "common/data/dataset.hpp"
#include "common/data/split.hpp"
// endregion

// region study-outcome
namespace cnn {

/// What came out of one experiment with one seed in one place.
struct Outcome {
  std::string id{};      ///< of the experiment
  std::string place{};   ///< "cpu"
  std::string recipe{};  ///< all that shaped the steps, in words
  std::uint64_t seed = 0;
  History history{};
  Score test{};        ///< as the experiment evaluates: with its faults
  double seconds = 0;  ///< of training, without evaluations
  /// Test pictures by truth (rows) and answer, without the faults: where
  /// dropout goes on in the evaluation, these counts are what it cost.
  std::vector<std::int64_t> confusion{};
  std::int64_t bytes = 0;  ///< that the backend handed out, pictures included
};
// endregion

// region study
/// An experiment at work: network, optimiser, data, all in one place.
class Study {
 public:
  /// Throws InputError when pictures and network do not fit.
  Study(const Experiment& experiment, const DatasetPair& data,
        std::uint64_t seed, const Place& place);
  /// From pictures that somebody else has split.
  Study(const Experiment& experiment, Split split, const Dataset& test,
        std::uint64_t seed, const Place& place);

  Trainer& trainer() { return trainer_; }
  Network& network() { return network_; }
  const DeviceDataset& test() const { return test_; }
  /// What it says of the test pictures, in order.
  std::vector<Prediction> answers();
  /// All that shapes the outcome, in words: layers, faults, steps.
  std::string recipe() const;
  /// Of the training so far.
  Outcome outcome();
  /// What was learnt so far, and all that one needs to use it.
  Model model() const;

 private:
  Experiment experiment_;
  std::uint64_t seed_;
  std::string place_;
  Split split_;
  DeviceDataset train_;
  DeviceDataset validation_;
  DeviceDataset test_;
  std::vector<std::uint8_t> test_labels_;
  std::unique_ptr<OverwritingBackend> overwriting_;  ///< null without the fault
  Network network_;
  std::unique_ptr<Optimiser> optimiser_;
  Trainer trainer_;
};

/// Loss and accuracy on all pictures, while dropout drops and batch
/// normalisation takes each batch's own statistics: what a network says that
/// was not told that the training is over.
/// @param step chooses the masks: the first batch gets those of this step
Score evaluate_as_in_training(Network& network, const DeviceDataset& dataset,
                              std::uint64_t step);

}  // namespace cnn
// endregion
