// region quiet: includes
#pragma once

#include <vector>

#include "chapters/05_naive_cuda/device.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region where
/// Prints where kernels run today, and why; returns all places, the GPU first.
/// Throws SkipError when there is none.
std::vector<Device> say_where(const Program& program);

}  // namespace cnn
// endregion
