// region quiet: includes
#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/square_tile.cuh"
#include "common/cuda/async_copy.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {
// endregion

// region start-copies
/// Sends for a tile of each factor and does not wait. a is turned on the way:
/// one number at a time, as there is no way to scatter four.
__device__ void start_copies(const Product& p, const SquarePlace& place,
                             const Fours& fours, int first,
                             SquareTiles& tiles) {
  using T = SquareTiles;
  constexpr int kOne = sizeof(float);
  const int thread = static_cast<int>(threadIdx.x);
  const int a_term = thread % T::kTerms;
  for (int row = thread / T::kTerms; row < T::kSide;
       row += T::kThreads / T::kTerms) {
    const bool has = place.top + row < p.m && first + a_term < p.k;
    const int from = has ? (place.top + row) * p.lda + first + a_term : 0;
    __pipeline_memcpy_async(&tiles.a[a_term][row], &p.a[from], kOne,
                            has ? 0 : kOne);
  }
  const int b_term = thread / (T::kSide / 4);
  const int b_column = thread % (T::kSide / 4) * 4;
  const int left = place.left + b_column;
  float* const to = &tiles.b[b_term][b_column];
  const int row = (first + b_term) * p.ldb;
  const bool has_row = first + b_term < p.k;
  if (has_row && fours.b && left + 4 <= p.n) {
    __pipeline_memcpy_async(to, &p.b[row + left], 4 * kOne);
    return;
  }
  for (int i = 0; i < 4; ++i) {
    const bool has = has_row && left + i < p.n;
    __pipeline_memcpy_async(&to[i], &p.b[has ? row + left + i : 0], kOne,
                            has ? 0 : kOne);
  }
}
// endregion

// region pipelined-kernel
__global__ void __launch_bounds__(SquareTiles::kThreads)
    pipelined_product(Product p, Fours fours) {
  __shared__ SquareTiles tiles[2];
  const SquarePlace place;
  SquareSums sums;
  start_copies(p, place, fours, 0, tiles[0]);
  __pipeline_commit();
  int current = 0;
  for (int first = 0; first < p.k; first += SquareTiles::kTerms) {
    __pipeline_wait_prior(0);  // what this thread has sent for is here ...
    __syncthreads();           // ... and what the others have
    if (first + SquareTiles::kTerms < p.k) {
      start_copies(p, place, fours, first + SquareTiles::kTerms,
                   tiles[1 - current]);
      __pipeline_commit();
    }
    sums.add(tiles[current]);
    current = 1 - current;
  }
  sums.write(p, place, fours.c);
}

}  // namespace

void multiply_pipelined(const Product& product, const Stream& stream) {
  require_product("multiply_pipelined", product);
  if (product.m == 0 || product.n == 0) return;
  launch(pipelined_product,
         {tiles_of(product, SquareTiles::kSide, SquareTiles::kSide),
          dim3(SquareTiles::kThreads)},
         stream, product, fours_of(product));
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
