/// @file
/// Copies from global to shared memory that pass by the registers (cp.async):
/// CUDA's __pipeline_memcpy_async(shared, global, 4, 8 or 16 bytes),
/// __pipeline_commit() and __pipeline_wait_prior(groups), in both worlds.
#pragma once

#ifdef COURSE_SIMT
#include "common/simt/pipeline.hpp"
#else
#include <cuda_pipeline_primitives.h>
#endif
