// region quiet: includes
#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {
// endregion

// region column-tile
/// Step 4: 64 x 64 elements of c a block, 8 terms at a time.
struct ColumnTile {
  static constexpr int kRows = 64;
  static constexpr int kColumns = 64;
  static constexpr int kTerms = 8;
  static constexpr int kOfThread = 8;  // elements of one column
  static constexpr int kThreads = kRows / kOfThread * kColumns;
};
// endregion

// region column-kernel
__global__ void __launch_bounds__(ColumnTile::kThreads)
    column_product(Product p) {
  using T = ColumnTile;
  __shared__ float tile_a[T::kTerms][T::kRows + 4];
  __shared__ float tile_b[T::kTerms][T::kColumns];
  const int thread = static_cast<int>(threadIdx.x);
  const int top = static_cast<int>(blockIdx.x) * T::kRows;
  const int left = static_cast<int>(blockIdx.y) * T::kColumns;
  // Each thread copies one number of a and one of b ...
  const int a_row = thread / T::kTerms;
  const int a_term = thread % T::kTerms;
  const int b_term = thread / T::kColumns;
  const int b_column = thread % T::kColumns;
  // ... and sums up kOfThread elements of one column.
  const int row = thread / T::kColumns * T::kOfThread;
  const int column = b_column;
  float sums[T::kOfThread] = {};
  for (int first = 0; first < p.k; first += T::kTerms) {
    const bool has_a = top + a_row < p.m && first + a_term < p.k;
    const bool has_b = left + b_column < p.n && first + b_term < p.k;
    tile_a[a_term][a_row] =
        has_a ? p.a[(top + a_row) * p.lda + first + a_term] : 0.0F;
    tile_b[b_term][b_column] =
        has_b ? p.b[(first + b_term) * p.ldb + left + b_column] : 0.0F;
    __syncthreads();
    for (int k = 0; k < T::kTerms; ++k) {
      const float of_b = tile_b[k][column];
      for (int i = 0; i < T::kOfThread; ++i) {
        sums[i] += tile_a[k][row + i] * of_b;
      }
    }
    __syncthreads();
  }
  for (int i = 0; i < T::kOfThread; ++i) {
    if (top + row + i < p.m && left + column < p.n) {
      p.c[(top + row + i) * p.ldc + left + column] = sums[i];
    }
  }
}
// endregion

// region square-tile
/// Step 5: 128 x 128 elements of c a block, 8 x 8 a thread.
struct SquareTile {
  static constexpr int kSide = 128;
  static constexpr int kTerms = 8;
  static constexpr int kOfThread = 8;
  static constexpr int kAcross = kSide / kOfThread;  // 16 threads
  static constexpr int kThreads = kAcross * kAcross;
};

/// Copies a tile of each factor, 4 numbers of each a thread, 0 where the
/// matrices have ended.
__device__ void copy_square_tiles(
    const Product& p, int top, int left, int first,
    float (&tile_a)[SquareTile::kTerms][SquareTile::kSide + 4],
    float (&tile_b)[SquareTile::kTerms][SquareTile::kSide]) {
  using T = SquareTile;
  const int thread = static_cast<int>(threadIdx.x);
  for (int i = thread; i < T::kSide * T::kTerms; i += T::kThreads) {
    const int row = i / T::kTerms;
    const int term = i % T::kTerms;
    const bool has = top + row < p.m && first + term < p.k;
    tile_a[term][row] = has ? p.a[(top + row) * p.lda + first + term] : 0.0F;
  }
  for (int i = thread; i < T::kSide * T::kTerms; i += T::kThreads) {
    const int term = i / T::kSide;
    const int column = i % T::kSide;
    const bool has = left + column < p.n && first + term < p.k;
    tile_b[term][column] =
        has ? p.b[(first + term) * p.ldb + left + column] : 0.0F;
  }
}
// endregion

// region square-kernel
__global__ void __launch_bounds__(SquareTile::kThreads)
    square_product(Product p) {
  using T = SquareTile;
  __shared__ float tile_a[T::kTerms][T::kSide + 4];
  __shared__ float tile_b[T::kTerms][T::kSide];
  const int thread = static_cast<int>(threadIdx.x);
  const int top = static_cast<int>(blockIdx.x) * T::kSide;
  const int left = static_cast<int>(blockIdx.y) * T::kSide;
  // Rows and columns of a thread lie kAcross apart: those of a warp's lanes
  // lie side by side.
  const int row = thread / T::kAcross;
  const int column = thread % T::kAcross;
  float sums[T::kOfThread][T::kOfThread] = {};
  for (int first = 0; first < p.k; first += T::kTerms) {
    copy_square_tiles(p, top, left, first, tile_a, tile_b);
    __syncthreads();
    for (int k = 0; k < T::kTerms; ++k) {
      float of_a[T::kOfThread];
      float of_b[T::kOfThread];
      for (int i = 0; i < T::kOfThread; ++i) {
        of_a[i] = tile_a[k][row + i * T::kAcross];
        of_b[i] = tile_b[k][column + i * T::kAcross];
      }
      for (int i = 0; i < T::kOfThread; ++i)
        for (int j = 0; j < T::kOfThread; ++j) sums[i][j] += of_a[i] * of_b[j];
    }
    __syncthreads();
  }
  for (int i = 0; i < T::kOfThread; ++i)
    for (int j = 0; j < T::kOfThread; ++j) {
      const int at_row = top + row + i * T::kAcross;
      const int at_column = left + column + j * T::kAcross;
      if (at_row < p.m && at_column < p.n) {
        p.c[at_row * p.ldc + at_column] = sums[i][j];
      }
    }
}

}  // namespace
// endregion

// region register-launches
void multiply_by_columns(const Product& product, const Stream& stream) {
  using T = ColumnTile;
  require_product("multiply_by_columns", product);
  if (product.m == 0 || product.n == 0) return;
  launch(column_product,
         {tiles_of(product, T::kRows, T::kColumns), dim3(T::kThreads)}, stream,
         product);
}

void multiply_by_squares(const Product& product, const Stream& stream) {
  using T = SquareTile;
  require_product("multiply_by_squares", product);
  if (product.m == 0 || product.n == 0) return;
  launch(square_product,
         {tiles_of(product, T::kSide, T::kSide), dim3(T::kThreads)}, stream,
         product);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
