// region quiet: includes
#pragma once

#include "chapters/05_naive_cuda/device.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region experiments-declarations
/// Runs every kernel of the experiments once, small, and looks at all that it
/// wrote: on the GPU as well as emulated.
void check_experiments(Program& program, Device device);

/// What a GPU is, from the measurements up. Each experiment puts its trials on
/// record as measurements ID/PLACE and as lists ID.place, ID.gbs, ID.gflops and
/// ID.step_seconds.
void show_experiments(Program& program);

/// One convolution, timed in three ways of which one is wrong.
void show_asynchronous_clock(Program& program);

}  // namespace cnn
// endregion
