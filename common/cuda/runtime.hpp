/// @file
/// CUDA, in both worlds: NVIDIA's, or the emulator's where COURSE_SIMT is
/// defined (course_simt() does that). Files that include this, and no other
/// CUDA header, compile for both.
#pragma once

#ifdef COURSE_SIMT
#include "common/simt/cuda.hpp"
/// The world's name. What takes a part of it lies in `inline namespace CNN_GPU`
/// so that one program may hold both: a kernel, its emulation, and no doubt
/// which one the linker takes.
#define CNN_GPU emulated
#else
#include <cuda_runtime_api.h>
/// As above, for the GPU itself.
#define CNN_GPU hardware
#endif
