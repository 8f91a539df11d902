/// @file
/// How much memory this process takes.
#pragma once

#include <cstdint>

namespace cnn {

/// Most memory that this process has held so far, in bytes, as the system
/// counts it (VmHWM in /proc/self/status); 0 where it does not say.
std::int64_t peak_memory_bytes();

}  // namespace cnn
