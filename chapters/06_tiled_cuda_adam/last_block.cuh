// region quiet: includes
#pragma once

#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region hand-over
/// Leaves a number for another block of the same launch, where there has been
/// one before. Atomic, because such accesses go past the multiprocessor's own
/// cache to where all blocks look, and because the microscope calls everything
/// else a race.
__device__ inline void hand_over(float number, float* to) {
  atomicExch(to, number);
}
/// Reads one that another block has left.
__device__ inline float take_over(float* from) {
  return atomicAdd(from, 0.0F);
}
// endregion

// region last-to-come
/// Whether this block is the last of its launch to come here: then it may take
/// over what the first threads of all blocks have handed over before. `counter`
/// is 0 before the launch, and 0 again after it. Once in a kernel; every thread
/// of the block has to come.
__device__ inline bool last_to_come(unsigned* counter) {
  __shared__ bool last;
  if (threadIdx.x == 0) {
    const unsigned others = gridDim.x - 1;
    __threadfence();  // first what was handed over, then the count
    last = atomicInc(counter, others) == others;
    __threadfence();  // first the count, then what is taken over
  }
  __syncthreads();
  return last;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
