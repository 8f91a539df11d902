/// @file
/// Shared memory whose size the launch decides.
#pragma once

#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// The block's LaunchShape::shared_bytes, aligned to 16 bytes; the same memory
/// for every T.
///
/// A function, because CUDA's own `extern __shared__ float tile[];` cannot be
/// made to mean anything to a host compiler: `extern` leaves no room for it. It
/// also spares us that two kernels of one file must not give the array two
/// types.
template <class T>
__device__ T* dynamic_shared() {
#ifdef COURSE_SIMT
  return static_cast<T*>(simt::dynamic_shared());
#else
  extern __shared__ __align__(16) unsigned char dynamic_shared_bytes[];
  return reinterpret_cast<T*>(dynamic_shared_bytes);
#endif
}

}  // namespace CNN_GPU
}  // namespace cnn
