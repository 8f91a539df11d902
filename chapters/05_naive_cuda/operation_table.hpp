// region quiet: includes
#pragma once

#include "common/program.hpp"

namespace cnn {
// endregion

// region operation-table
/// Every operation of report 001's and 002's networks, and 003's dropout: on
/// all CPU cores, on the GPU, and on the GPU with its inputs copied there and
/// its results back. On record as measurements operations/REPORT/NAME/cpu, /gpu
/// and /gpu-copies, and in values operations.REPORT.ops, .gain and
/// .gain_with_copies how many there are, and how many are faster on the GPU.
void show_operations(Program& program);

}  // namespace cnn
// endregion
