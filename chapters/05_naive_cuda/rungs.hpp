// region quiet: includes
#pragma once

#include "common/program.hpp"

namespace cnn {
// endregion

// region climb-to-gpu
/// The course's ladder: one convolution by every chapter so far, the vendor's
/// library as a yardstick.
void climb_to_gpu(Program& program);

}  // namespace cnn
// endregion
