// region quiet: includes
#pragma once

#include <vector>

#include "chapters/05_naive_cuda/device.hpp"
#include "common/simt/exhibit.hpp"

namespace cnn {
// endregion

// region exhibits
/// All of this chapter's kernels at work, small enough for the microscope: a
/// few blocks, and sizes that no warp divides. Throws SkipError with why_not()
/// where they cannot run.
std::vector<Exhibit> naive_exhibits(Device device);

}  // namespace cnn
// endregion
