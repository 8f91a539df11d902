// region quiet: includes
#pragma once

#include "common/data/dataset.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region overlap-story-declaration
/// What adding through overlapping windows loses: on a 4 x 4 example, as a
/// picture, for the gradient of one convolution and for two in a row.
void tell_overlap(Program& program, const Dataset& pictures);

}  // namespace cnn
// endregion
