// region quiet: includes
#pragma once

#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region winograd-matrices
/// B^T: six inputs to six.
struct InputTransform {
  static constexpr int kFrom = 6;
  static constexpr int kTo = 6;
  /// Transforms a row or a column of inputs.
  static __device__ __forceinline__ void apply(const float* d, float* t) {
    t[0] = 4 * d[0] - 5 * d[2] + d[4];
    t[1] = d[3] + d[4] - 4 * (d[1] + d[2]);
    t[2] = d[4] - d[3] + 4 * (d[1] - d[2]);
    t[3] = d[4] - d[2] + 2 * (d[3] - d[1]);
    t[4] = d[4] - d[2] - 2 * (d[3] - d[1]);
    t[5] = 4 * d[1] - 5 * d[3] + d[5];
  }
};

/// A^T: six products to four outputs.
struct OutputTransform {
  static constexpr int kFrom = 6;
  static constexpr int kTo = 4;
  /// Transforms one of products.
  static __device__ __forceinline__ void apply(const float* m, float* y) {
    y[0] = m[0] + (m[1] + m[2]) + (m[3] + m[4]);
    y[1] = (m[1] - m[2]) + 2 * (m[3] - m[4]);
    y[2] = (m[1] + m[2]) + 4 * (m[3] + m[4]);
    y[3] = (m[1] - m[2]) + 8 * (m[3] - m[4]) + m[5];
  }
};

/// G: three weights to six.
struct FilterTransform {
  static constexpr int kFrom = 3;
  static constexpr int kTo = 6;
  /// Transforms one of weights.
  static __device__ __forceinline__ void apply(const float* g, float* u) {
    u[0] = g[0] / 4;
    u[1] = (g[0] + g[2] + g[1]) * (-1.0F / 6);
    u[2] = (g[0] + g[2] - g[1]) * (-1.0F / 6);
    u[3] = (g[0] + 4 * g[2] + 2 * g[1]) * (1.0F / 24);
    u[4] = (g[0] + 4 * g[2] - 2 * g[1]) * (1.0F / 24);
    u[5] = g[2];
  }
};
// endregion

// region winograd-matrices-back
/// A: four gradients of outputs to six.
struct OutputGradientTransform {
  static constexpr int kFrom = 4;
  static constexpr int kTo = 6;
  /// Transforms one of gradients.
  static __device__ __forceinline__ void apply(const float* y, float* m) {
    m[0] = y[0];
    m[1] = (y[0] + y[2]) + (y[1] + y[3]);
    m[2] = (y[0] + y[2]) - (y[1] + y[3]);
    m[3] = (y[0] + 4 * y[2]) + 2 * (y[1] + 4 * y[3]);
    m[4] = (y[0] + 4 * y[2]) - 2 * (y[1] + 4 * y[3]);
    m[5] = y[3];
  }
};

/// G^T: six sums to three gradients of weights.
struct FilterGradientTransform {
  static constexpr int kFrom = 6;
  static constexpr int kTo = 3;
  /// Transforms one of sums.
  static __device__ __forceinline__ void apply(const float* u, float* g) {
    g[0] = u[0] / 4 - (u[1] + u[2]) * (1.0F / 6) + (u[3] + u[4]) * (1.0F / 24);
    g[1] = (u[2] - u[1]) * (1.0F / 6) + (u[3] - u[4]) * (1.0F / 12);
    g[2] = (u[3] + u[4] - u[1] - u[2]) * (1.0F / 6) + u[5];
  }
};
// endregion

// region winograd-both-sides
/// T tile T^T: first every column, then every row.
template <class Transform>
__device__ __forceinline__ void transform_tile(
    const float (&from)[Transform::kFrom][Transform::kFrom],
    float (&to)[Transform::kTo][Transform::kTo]) {
  float half[Transform::kTo][Transform::kFrom];
#pragma unroll
  for (int x = 0; x < Transform::kFrom; ++x) {
    float column[Transform::kFrom];
    float transformed[Transform::kTo];
#pragma unroll
    for (int y = 0; y < Transform::kFrom; ++y) column[y] = from[y][x];
    Transform::apply(column, transformed);
#pragma unroll
    for (int y = 0; y < Transform::kTo; ++y) half[y][x] = transformed[y];
  }
#pragma unroll
  for (int y = 0; y < Transform::kTo; ++y) Transform::apply(half[y], to[y]);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
