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
/// the first adds the eight. A fixed order: the same bits every time. The first
/// blocks have the first array, the others the second.
__global__ void __launch_bounds__(32 * kSlices)
    add_all_parts(PartialSums first, PartialSums second, int blocks_of_first) {
  __shared__ float of_slice[kSlices][32];
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int slice = static_cast<int>(threadIdx.x) / 32;
  const int block = static_cast<int>(blockIdx.x);
  const bool in_first = block < blocks_of_first;
  const PartialSums own = in_first ? first : second;
  const int i = (in_first ? block : block - blocks_of_first) * 32 + lane;
  float sum = 0;
  if (i < own.size) {
#pragma unroll 4
    for (int part = slice; part < own.count; part += kSlices) {
      sum += own.parts[static_cast<std::int64_t>(part) * own.size + i];
    }
  }
  of_slice[slice][lane] = sum;
  __syncthreads();
  if (slice != 0 || i >= own.size) return;
  for (int other = 1; other < kSlices; ++other) sum += of_slice[other][lane];
  own.result[i] = sum;
}
// endregion

// region launch-add-parts
int blocks_for(const PartialSums& sums) {
  return sums.count == 1 ? 0 : pieces(sums.size, 32);
}

}  // namespace

void add_parts(const PartialSums& first, const PartialSums& second,
               const Stream& stream) {
  const int of_first = blocks_for(first);
  const int blocks = of_first + blocks_for(second);
  if (blocks == 0) return;
  launch(add_all_parts,
         {dim3(static_cast<unsigned>(blocks)), dim3(32 * kSlices)}, stream,
         first, second, of_first);
}

void add_parts(const PartialSums& sums, const Stream& stream) {
  add_parts(sums, {}, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
