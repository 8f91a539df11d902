// region quiet: includes
#pragma once

#include "common/data/dataset.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region training-race
/// One training step of each report's network on all CPU cores, on the GPU, and
/// by PyTorch on the same GPU, and what that makes for an epoch of 60,000
/// pictures: measurements step/NETWORK/cpu, /gpu and /pytorch-gpu, values
/// epoch.NETWORK.cpu_seconds, .gpu_seconds and .pytorch_seconds.
void race_steps(Program& program, const Dataset& pictures);

/// Network 001 learns on the CPU and on the GPU, from the same seed: both
/// histories, and what each knows in the end.
void race_training(Program& program, const DatasetPair& data);

}  // namespace cnn
// endregion
