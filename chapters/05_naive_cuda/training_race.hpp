// region quiet: includes
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/lesson.hpp"
#include "chapters/05_naive_cuda/device.hpp"
#include "common/data/dataset.hpp"
#include "common/program.hpp"
#include "common/pytorch.hpp"

namespace cnn {
// endregion

// region runner
/// Who takes part in a race.
struct Runner {
  std::string id{};     ///< of its results: "gpu"
  std::string name{};   ///< "naive GPU"
  std::string label{};  ///< "05 naive GPU"
  int threads = 0;      ///< on the CPU; 0: on the GPU
  std::function<std::unique_ptr<Backend>()> make_backend{};
  MakeOptimiser make_optimiser{};
};

/// Chapter 4's backend, on all cores that the program may use.
Runner cpu_runner(const Program& program, MakeOptimiser make_optimiser);
// endregion

// region training-race
/// One training step of each report's network by each runner, and by PyTorch on
/// the GPU, and what that makes for an epoch of 60,000 pictures: measurements
/// step/NETWORK/ID, values epoch.NETWORK.ID_seconds; PyTorch's ID is "pytorch".
/// @param pytorch how it trains; network, batch and threads are filled in
void race_steps(Program& program, const Dataset& pictures,
                const std::vector<Runner>& runners, PyTorchTraining pytorch);

/// Network 001 learns on the CPU and on the GPU, from the same seed: both
/// histories, and what each knows in the end.
void race_training(Program& program, const DatasetPair& data);

}  // namespace cnn
// endregion
