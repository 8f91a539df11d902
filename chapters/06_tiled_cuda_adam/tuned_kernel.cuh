// region quiet: includes
#pragma once

#include <cstdint>
#include <type_traits>

#include "chapters/06_tiled_cuda_adam/finish.cuh"
#include "chapters/06_tiled_cuda_adam/panel.cuh"
#include "chapters/06_tiled_cuda_adam/product.hpp"
#include "chapters/06_tiled_cuda_adam/warp_sums.cuh"
#include "common/cuda/shared.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tuned-kernel
/// c = a b for one tile of c and one part of the terms, number blockIdx.z, of
/// `part_terms` terms. Each part has a c of its own, m * ldc elements further.
template <class Shape, Lies kA, Lies kB>
__global__ void __launch_bounds__(Shape::kThreads, Shape::kBlocks)
    tuned_product(Product p, Finish finish, int part_terms) {
  using PanelA = Panel<Shape::kRows, Shape::kTerms, Shape::kThreads, kA>;
  using PanelB = Panel<Shape::kColumns, Shape::kTerms, Shape::kThreads, kB>;
  constexpr int kTileA = PanelA::kPitch * Shape::kTerms;
  constexpr int kStage = kTileA + PanelB::kPitch * Shape::kTerms;
  constexpr int kTerms = Shape::kTerms;
  float* const shared = dynamic_shared<float>();

  const BlockPlace<Shape> place(p);
  const int first = static_cast<int>(blockIdx.z) * part_terms;
  int to_send = min(part_terms, p.k - first);  // terms not yet sent for
  const int tiles = pieces(to_send, kTerms);
  PanelA a(p.a, p.lda, place.top, p.m, first);
  PanelB b(p.b, p.ldb, place.left, p.n, first);
  const auto send = [&](auto whole, int stage) {
    constexpr bool kWhole = decltype(whole)::value;
    float* const to = shared + stage * kStage;
    a.template copy<kWhole>(to, to_send);
    b.template copy<kWhole>(to + kTileA, to_send);
    to_send -= kTerms;
  };
  WarpSums<Shape> sums;
  const auto read = [&](int stage, int term) {
    const float* const from = shared + stage * kStage;
    sums.template read<PanelA::kPitch, PanelB::kPitch>(from, from + kTileA,
                                                       term);
  };
  // endregion

  // region tuned-loop
  // All stages, even if there are fewer tiles: what follows the last tile is
  // read, though never used, and has to be something.
  for (int stage = 0; stage < Shape::kStages; ++stage) {
    send(std::false_type(), stage);
    __pipeline_commit();
  }
  __pipeline_wait_prior(Shape::kStages - 1);
  __syncthreads();
  read(0, 0);

  int stage = 0;
  for (int tile = 0; tile < tiles; ++tile) {
#pragma unroll
    for (int term = 0; term + 1 < kTerms; ++term) {
      read(stage, term + 1);
      sums.add(term);
    }
    // Before the last term: all have read this tile, and the next one is here.
    __pipeline_wait_prior(Shape::kStages - 2);
    __syncthreads();
    const int emptied = stage;
    stage = stage + 1 == Shape::kStages ? 0 : stage + 1;
    read(stage, 0);
    if (to_send >= kTerms) {
      send(std::true_type(), emptied);
    } else if (to_send > 0) {
      send(std::false_type(), emptied);
    }
    __pipeline_commit();
    sums.add(kTerms - 1);
  }
  p.c += static_cast<std::int64_t>(blockIdx.z) * p.m * p.ldc;
  write_sums(p, finish, place, sums);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
