/// @file
/// Functions for both sides of a CUDA program.
#pragma once

#ifdef __CUDACC__
#define CNN_HOST_DEVICE __host__ __device__
#else
/// Where nvcc compiles, a function with this can be called from both sides.
#define CNN_HOST_DEVICE
#endif
