// Kernels that are right, in both worlds.
#pragma once

#include "common/cuda/async_copy.cuh"
#include "common/cuda/runtime.hpp"
#include "common/cuda/shared.cuh"

namespace cnn {
inline namespace CNN_GPU {

[[maybe_unused]] static __global__ void add(const float* a, const float* b,
                                            float* sum, int size) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < size) sum[i] = a[i] + b[i];
}

/// Thread i reads element i * stride.
[[maybe_unused]] static __global__ void gather(const float* from, float* to,
                                               int stride) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  to[i] = from[i * static_cast<unsigned>(stride)];
}

/// One sum for each block of kThreads elements.
template <int kThreads>
__global__ void __launch_bounds__(kThreads)
    sum_blocks(const float* values, float* sums, int size) {
  __shared__ float partial[kThreads];
  const unsigned thread = threadIdx.x;
  const int i = static_cast<int>(blockIdx.x * kThreads + thread);
  partial[thread] = i < size ? values[i] : 0.0F;
  __syncthreads();
#pragma unroll
  for (unsigned half = kThreads / 2; half > 0; half /= 2) {
    if (thread < half) partial[thread] += partial[thread + half];
    __syncthreads();
  }
  if (thread == 0) sums[blockIdx.x] = partial[0];
}

/// The same with shuffles.
[[maybe_unused]] static __device__ float sum_of_warp(float value) {
  for (int offset = warpSize / 2; offset > 0; offset /= 2) {
    value +=
        __shfl_down_sync(0xffffffffU, value, static_cast<unsigned>(offset));
  }
  return value;
}

[[maybe_unused]] static __global__ void sum_blocks_by_shuffles(
    const float* values, float* sums, int size) {
  __shared__ float of_warp[32];
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const unsigned warp = threadIdx.x / 32;
  const unsigned lane = threadIdx.x % 32;
  const float sum = sum_of_warp(i < size ? values[i] : 0.0F);
  if (lane == 0) of_warp[warp] = sum;
  __syncthreads();
  if (warp != 0) return;
  const float all = sum_of_warp(lane < blockDim.x / 32 ? of_warp[lane] : 0.0F);
  if (lane == 0) sums[blockIdx.x] = all;
}

/// c = a b, all square and row-major; size a multiple of kTile.
template <int kTile>
__global__ void multiply(const float* a, const float* b, float* c, int size) {
  __shared__ float tile_a[kTile][kTile];
  __shared__ float tile_b[kTile][kTile];
  const int x = static_cast<int>(threadIdx.x);
  const int y = static_cast<int>(threadIdx.y);
  const int column = static_cast<int>(blockIdx.x) * kTile + x;
  const int row = static_cast<int>(blockIdx.y) * kTile + y;
  float sum = 0;
  for (int k = 0; k < size; k += kTile) {
    tile_a[y][x] = a[row * size + k + x];
    tile_b[y][x] = b[(k + y) * size + column];
    __syncthreads();
    for (int i = 0; i < kTile; ++i) sum += tile_a[y][i] * tile_b[i][x];
    __syncthreads();
  }
  c[row * size + column] = sum;
}

/// to = from transposed, by way of a tile with kPadding unused columns.
template <int kPadding>
__global__ void transpose(const float* from, float* to, int size) {
  __shared__ float tile[32][32 + kPadding];
  const int x = static_cast<int>(threadIdx.x);
  const int y = static_cast<int>(threadIdx.y);
  const int column = static_cast<int>(blockIdx.x) * 32;
  const int row = static_cast<int>(blockIdx.y) * 32;
  tile[y][x] = from[(row + y) * size + column + x];
  __syncthreads();
  to[(column + y) * size + row + x] = tile[x][y];
}

/// Reverses each block's elements in memory that the launch asks for.
[[maybe_unused]] static __global__ void reverse(const float* from, float* to) {
  float* const all = dynamic_shared<float>();
  const unsigned i = threadIdx.x;
  const unsigned first = blockIdx.x * blockDim.x;
  __pipeline_memcpy_async(&all[i], &from[first + i], sizeof(float));
  __pipeline_commit();
  __pipeline_wait_prior(0);
  __syncthreads();
  to[first + i] = all[blockDim.x - 1 - i];
}

/// Every thread of a 3D grid of 3D blocks writes its own number.
[[maybe_unused]] static __global__ void number(int* numbers) {
  const unsigned x = blockIdx.x * blockDim.x + threadIdx.x;
  const unsigned y = blockIdx.y * blockDim.y + threadIdx.y;
  const unsigned z = blockIdx.z * blockDim.z + threadIdx.z;
  const unsigned width = gridDim.x * blockDim.x;
  const unsigned height = gridDim.y * blockDim.y;
  const unsigned i = (z * height + y) * width + x;
  numbers[i] = static_cast<int>(i);
}

[[maybe_unused]] static __global__ void histogram(const int* values,
                                                  int* counts, int size) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < size) atomicAdd(&counts[values[i]], 1);
}

[[maybe_unused]] static __global__ void copy_vectors(const float4* from,
                                                     float4* to) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  to[i] = from[i];
}

}  // namespace CNN_GPU
}  // namespace cnn
