// region quiet: includes
#pragma once

#include <cstdint>

namespace cnn {
// endregion

// region gemm-tile
/// What a micro-kernel computes: one tile of C, so many rows of so many
/// vectors, from one packed panel of A and one of B.
struct GemmTile {
  const float* a;      ///< terms x rows, dense
  const float* b;      ///< terms x (vectors * lanes), dense
  std::int64_t terms;  ///< how many products are added up
  float* c;            ///< the tile's first number; its columns are dense ...
  std::int64_t c_row;  ///< ... and its rows lie so far apart
  float alpha;
  float beta;                ///< 0: what C holds is not read
  const float* row_bias;     ///< one for each row, or none
  const float* column_bias;  ///< one for each column, or none
  bool relu;
};
/// Computes one.
using MicroKernel = void (*)(const GemmTile& tile);
// endregion

// region matrix-piece
/// Numbers to be packed: `terms` x `count` of them, the one for term t and
/// position p at from[t * term_step + p * step].
struct MatrixPiece {
  const float* from;
  std::int64_t term_step;
  std::int64_t step;
  std::int64_t terms;
  std::int64_t count;
};
/// Writes a piece as `terms` dense groups of `width` >= count numbers, zeros
/// behind those that there are.
using Packer = void (*)(const MatrixPiece& piece, std::int64_t width,
                        float* to);
// endregion

// region gemm-kernels
/// What gemm() needs of an instruction set.
struct GemmKernels {
  int lanes;    ///< floats in a vector
  int rows;     ///< rows of the largest tile
  int vectors;  ///< vectors in a row of the largest tile
  /// For every smaller tile one, too: that of r rows and v vectors is
  /// micro_kernels[(r - 1) * vectors + v - 1].
  const MicroKernel* micro_kernels;
  Packer pack;
};
// endregion

// region gemm-kernel-sets
namespace portable {
const GemmKernels& gemm_kernels();
}
namespace avx2 {
const GemmKernels& gemm_kernels();
}
namespace avx512 {
const GemmKernels& gemm_kernels();
}

}  // namespace cnn
// endregion
