/// @file
/// CUDA's additions to the language, as far as a preprocessor can make them.
#pragma once

#include "common/simt/vector_types.hpp"

namespace cnn::simt {

/// The running block's dynamic shared memory.
void* dynamic_shared();

}  // namespace cnn::simt

// NOLINTBEGIN(bugprone-reserved-identifier): these names are CUDA's
// NOLINTBEGIN(readability-identifier-naming)
#define __global__
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __align__(bytes) alignas(bytes)

/// All threads of a block run on one CPU thread, so that a block's memory is a
/// CPU thread's. The tag becomes part of the variable's symbol: that is how the
/// emulator finds all shared variables, their names and their bounds.
#define __shared__ static thread_local __attribute__((abi_tag("gpu_shared")))

/// Which thread this is; the scheduler sets them before it resumes a thread.
extern constinit thread_local uint3 threadIdx;
/// Which block.
extern constinit thread_local uint3 blockIdx;
/// How many threads a block has.
extern constinit thread_local dim3 blockDim;
/// How many blocks the grid has.
extern constinit thread_local dim3 gridDim;
/// Threads in a warp.
inline constexpr int warpSize = 32;
// NOLINTEND(readability-identifier-naming)
// NOLINTEND(bugprone-reserved-identifier)
