// region quiet: includes
#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/square_tile.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {
// endregion

// region copy-vectors
/// Reads four numbers of one row, 0 from `columns` on; `fours` says whether
/// they can be had by one instruction.
__device__ void read_row(const float* row, int column, int columns, bool fours,
                         float (&to)[4]) {
  if (fours && column + 4 <= columns) {
    read4(&row[column], to);
    return;
  }
  for (int i = 0; i < 4; ++i) {
    to[i] = column + i < columns ? row[column + i] : 0.0F;
  }
}

/// Four numbers of a and four of b a thread.
__device__ void copy_vectors(const Product& p, const SquarePlace& place,
                             const Fours& fours, int first,
                             SquareTiles& tiles) {
  using T = SquareTiles;
  const int thread = static_cast<int>(threadIdx.x);
  float four[4] = {};
  const int a_row = thread / (T::kTerms / 4);
  const int a_term = thread % (T::kTerms / 4) * 4;
  if (place.top + a_row < p.m) {
    read_row(&p.a[(place.top + a_row) * p.lda], first + a_term, p.k, fours.a,
             four);
  }
  for (int i = 0; i < 4; ++i) tiles.a[a_term + i][a_row] = four[i];

  const int b_term = thread / (T::kSide / 4);
  const int b_column = thread % (T::kSide / 4) * 4;
  for (float& number : four) number = 0;
  if (first + b_term < p.k) {
    read_row(&p.b[(first + b_term) * p.ldb], place.left + b_column, p.n,
             fours.b, four);
  }
  write4(four, &tiles.b[b_term][b_column]);
}
// endregion

// region vector-kernel
__global__ void __launch_bounds__(SquareTiles::kThreads)
    vector_product(Product p, Fours fours) {
  __shared__ SquareTiles tiles;
  const SquarePlace place;
  SquareSums sums;
  for (int first = 0; first < p.k; first += SquareTiles::kTerms) {
    copy_vectors(p, place, fours, first, tiles);
    __syncthreads();
    sums.add(tiles);
    __syncthreads();
  }
  sums.write(p, place, fours.c);
}

}  // namespace

void multiply_by_vectors(const Product& product, const Stream& stream) {
  require_product("multiply_by_vectors", product);
  if (product.m == 0 || product.n == 0) return;
  launch(vector_product,
         {tiles_of(product, SquareTiles::kSide, SquareTiles::kSide),
          dim3(SquareTiles::kThreads)},
         stream, product, fours_of(product));
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
