// region quiet: includes
#include "chapters/06_tiled_cuda_adam/add_parts.hpp"

#include <cstdint>

#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region add-parts
namespace {

constexpr int kSlices = 8;

/// 32 numbers a block; eight warps, of which each adds every eighth part, and
/// the first adds the eight. A fixed order: the same bits every time.
__global__ void __launch_bounds__(32 * kSlices)
    add_all_parts(const float* __restrict__ parts, int count, int size,
                  float* __restrict__ result) {
  __shared__ float of_slice[kSlices][32];
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int slice = static_cast<int>(threadIdx.x) / 32;
  const int i = static_cast<int>(blockIdx.x) * 32 + lane;
  float sum = 0;
  if (i < size) {
#pragma unroll 4
    for (int part = slice; part < count; part += kSlices) {
      sum += parts[static_cast<std::int64_t>(part) * size + i];
    }
  }
  of_slice[slice][lane] = sum;
  __syncthreads();
  if (slice != 0 || i >= size) return;
  for (int other = 1; other < kSlices; ++other) sum += of_slice[other][lane];
  result[i] = sum;
}

}  // namespace

void add_parts(const float* parts, int count, int size, float* result,
               const Stream& stream) {
  launch(add_all_parts,
         {dim3(static_cast<unsigned>(pieces(size, 32))), dim3(32 * kSlices)},
         stream, parts, count, size, result);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
