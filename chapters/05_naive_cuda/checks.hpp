// region quiet: includes
#pragma once

#include "chapters/05_naive_cuda/device.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region checks
/// This chapter's convolutions against float64 and against chapter 4's.
void check_convolutions(Program& program, Device device);

/// Small networks, trained for ten steps here and on the CPU: the same seed,
/// the same dropout masks, and in the end the same parameters, up to what the
/// order of sums may change.
void check_training(Program& program, Device device);

}  // namespace cnn
// endregion
