// region quiet: includes
#pragma once

#include "chapters/04_cpu_cnn/networks.hpp"
#include "common/data/dataset.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region epoch-times
/// Pictures in an epoch that we speak of: as many as MNIST has.
inline constexpr double kEpochPictures = 60'000;

/// Times one training step of each report's network on 2 threads and on all,
/// beside PyTorch where there is one, and puts on record what that makes for an
/// epoch of 60,000 pictures: values epoch.NETWORK.threads-N.seconds and
/// epoch.NETWORK.threads-N.pytorch_seconds.
void time_epochs(Program& program, const Dataset& pictures);

/// The ladder: one training step of report 001's network with the convolutions
/// of chapters 1, 2 and 3.
void climb_step_ladder(Program& program, const Dataset& pictures);

}  // namespace cnn
// endregion
