// region quiet: includes
#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region naive-kernel
namespace {

constexpr int kSide = 32;  // of a block: 1024 threads

__device__ void sum_up(const Product& p, int row, int column) {
  if (row >= p.m || column >= p.n) return;
  float sum = 0;
  for (int k = 0; k < p.k; ++k) {
    sum += p.a[row * p.lda + k] * p.b[k * p.ldb + column];
  }
  p.c[row * p.ldc + column] = sum;
}

__global__ void naive_product(Product p) {
  const int row = static_cast<int>(blockIdx.x * kSide + threadIdx.x);
  const int column = static_cast<int>(blockIdx.y * kSide + threadIdx.y);
  sum_up(p, row, column);
}
// endregion

// region coalesced-kernel
__global__ void coalesced_product(Product p) {
  const int row = static_cast<int>(blockIdx.x * kSide + threadIdx.y);
  const int column = static_cast<int>(blockIdx.y * kSide + threadIdx.x);
  sum_up(p, row, column);
}

}  // namespace
// endregion

// region naive-launches
void multiply_naive(const Product& product, const Stream& stream) {
  require_product("multiply_naive", product);
  if (product.m == 0 || product.n == 0) return;
  launch(naive_product, {tiles_of(product, kSide, kSide), dim3(kSide, kSide)},
         stream, product);
}

void multiply_coalesced(const Product& product, const Stream& stream) {
  require_product("multiply_coalesced", product);
  if (product.m == 0 || product.n == 0) return;
  launch(coalesced_product,
         {tiles_of(product, kSide, kSide), dim3(kSide, kSide)}, stream,
         product);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
