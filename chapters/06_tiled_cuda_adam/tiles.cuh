// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/06_tiled_cuda_adam/product.hpp"
#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiles-of
/// How many pieces of `size` it takes to cover `total`.
__host__ __device__ constexpr int pieces(int total, int size) {
  return total / size + (total % size != 0 ? 1 : 0);
}

/// `total` filled up to whole pieces.
__host__ __device__ constexpr int padded(int total, int size) {
  return pieces(total, size) * size;
}

/// A block for each tile of c: rows of tiles along x, of which there may be
/// many more than along y.
inline dim3 tiles_of(const Product& product, int rows, int columns) {
  return {static_cast<unsigned>(pieces(product.m, rows)),
          static_cast<unsigned>(pieces(product.n, columns))};
}
// endregion

// region four-at-once
/// One instruction for four neighbours; `from` is a multiple of 16 bytes.
__device__ inline void read4(const float* from, float* to) {
  const float4 four = *reinterpret_cast<const float4*>(from);
  to[0] = four.x;
  to[1] = four.y;
  to[2] = four.z;
  to[3] = four.w;
}

/// Likewise; `to` is a multiple of 16 bytes.
__device__ inline void write4(const float* from, float* to) {
  *reinterpret_cast<float4*>(to) =
      make_float4(from[0], from[1], from[2], from[3]);
}

/// Whether every fourth element of every row can be read that way.
inline bool in_fours(const float* matrix, int step) {
  return reinterpret_cast<std::uintptr_t>(matrix) % 16 == 0 && step % 4 == 0;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
