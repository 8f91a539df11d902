/// @file
/// Names for memory on the device: what pictures of a launch call it.
#pragma once

#include "common/cuda/runtime.hpp"

#ifdef COURSE_SIMT
#include "common/simt/device_memory.hpp"
#endif

namespace cnn {
inline namespace CNN_GPU {

/// Only recordings know of it, where a kernel gets its pointers in a struct:
/// those of plain parameters have the parameters' names. Nothing on a GPU.
inline void name_memory([[maybe_unused]] const void* memory,
                        [[maybe_unused]] const char* name) {
#ifdef COURSE_SIMT
  simt::name_memory(memory, name);
#endif
}

}  // namespace CNN_GPU
}  // namespace cnn
