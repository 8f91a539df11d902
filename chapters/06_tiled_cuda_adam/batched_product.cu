// region quiet: includes
#include "chapters/06_tiled_cuda_adam/batched_product.hpp"

#include "chapters/06_tiled_cuda_adam/block_tile.cuh"
#include "common/cuda/launch.cuh"
#include "common/cuda/shared.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {
// endregion

// region term-loader
/// Terms lie together: sixteen bytes a copy, as they will be read.
template <class Tile>
class TermLoader {
 public:
  static constexpr int kDepth = kProductDepth;
  __device__ TermLoader(const BatchedProduct& product, const float* left,
                        const float* right, int first_row, int first_column,
                        int first_term)
      : left_(left + first_term * product.rows + first_row),
        right_(right + first_term * product.columns + first_column),
        left_step_(product.rows),
        right_step_(product.columns) {}

  __device__ __forceinline__ void load(float* stage, int step) {
    copy<Tile::kRows, S::kRowStep>(stage, left_ + step * kDepth * left_step_,
                                   left_step_);
    copy<Tile::kColumns, S::kColumnStep>(stage + S::kColumnsBegin,
                                         right_ + step * kDepth * right_step_,
                                         right_step_);
  }

 private:
  using S = Stage<Tile, kDepth>;

  template <int kSize, int kStep>
  __device__ __forceinline__ void copy(float* to, const float* from, int step) {
    constexpr int kQuads = kSize / 4;
    static_assert(kDepth * kQuads % Tile::kThreads == 0);
#pragma unroll
    for (int i = 0; i < kDepth * kQuads; i += Tile::kThreads) {
      const int quad = i + static_cast<int>(threadIdx.x);
      const int term = quad / kQuads;
      const int place = quad % kQuads * 4;
      __pipeline_memcpy_async(to + term * kStep + place,
                              from + term * step + place, 16);
    }
  }

  const float* left_;
  const float* right_;
  int left_step_;
  int right_step_;
};
// endregion

// region row-loader
/// Rows lie together: eight lanes copy eight terms of a row, as in the filter
/// gradient's loader.
template <class Tile>
class RowLoader {
 public:
  static constexpr int kDepth = kProductDepth;
  __device__ RowLoader(const BatchedProduct& product, const float* left,
                       const float* right, int first_row, int first_column,
                       int first_term)
      : left_(left + (first_row + row_) * product.terms + first_term + term_),
        right_(right + (first_column + row_) * product.terms + first_term +
               term_),
        row_step_(kRowsAtOnce * product.terms) {}

  __device__ __forceinline__ void load(float* stage, int step) {
    copy<Tile::kRows>(stage + term_ * S::kRowStep + row_,
                      left_ + step * kDepth);
    copy<Tile::kColumns>(
        stage + S::kColumnsBegin + term_ * S::kColumnStep + row_,
        right_ + step * kDepth);
  }

 private:
  using S = Stage<Tile, kDepth>;
  static constexpr int kRowsAtOnce = Tile::kThreads / kDepth;

  template <int kSize>
  __device__ __forceinline__ void copy(float* to, const float* from) {
    static_assert(kSize % kRowsAtOnce == 0);
#pragma unroll
    for (int i = 0; i < kSize / kRowsAtOnce; ++i) {
      __pipeline_memcpy_async(to + i * kRowsAtOnce, from + i * row_step_,
                              sizeof(float));
    }
  }

  int term_ = static_cast<int>(threadIdx.x) % kDepth;
  int row_ = static_cast<int>(threadIdx.x) / kDepth;
  const float* left_;
  const float* right_;
  int row_step_;
};
// endregion

// region batched-kernel
using SquareTile = BlockTile<16, 8, 4, 2, 2>;
using WideTile = BlockTile<16, 8, 4, 1, 4>;
static_assert(SquareTile::kRows == kSquareTile &&
              SquareTile::kColumns == kSquareTile);
static_assert(WideTile::kRows == kProductRows &&
              WideTile::kColumns == product_columns(kProductRows));
constexpr int kStages = 4;

/// blockIdx.x counts tiles of one product, y products, z parts.
template <class Tile, class Loader>
__global__ void __launch_bounds__(Tile::kThreads, 2)
    multiply_batch(BatchedProduct p) {
  float* const shared = dynamic_shared<float>();
  const int tiles = p.rows / Tile::kRows;
  const int tile = static_cast<int>(blockIdx.x);
  const int product = static_cast<int>(blockIdx.y);
  const int split = static_cast<int>(blockIdx.z);
  const int first_row = tile % tiles * Tile::kRows;
  const int first_column = tile / tiles * Tile::kColumns;
  const int terms = p.terms / p.splits;
  Loader loader(p, p.left + product * p.rows * p.terms,
                p.right + product * p.columns * p.terms, first_row,
                first_column, split * terms);
  Sums<Tile> sums;
  multiply_tiles<Tile, kStages>(loader, terms / kProductDepth, shared, sums);
  float* const result =
      p.result +
      ((split * p.count + product) * p.rows + first_row) * p.columns +
      first_column;
  write_tile<Tile>(sums, shared, [&](int row, int each, float sum) {
    result[row * p.columns + column_of<Tile>(each)] = sum;
  });
}
// endregion

// region launch-batched
template <class Tile, class Loader>
void launch_batch(const BatchedProduct& product, const Stream& stream) {
  LaunchShape shape;
  shape.grid = dim3(static_cast<unsigned>(product.rows / Tile::kRows *
                                          (product.columns / Tile::kColumns)),
                    static_cast<unsigned>(product.count),
                    static_cast<unsigned>(product.splits));
  shape.block = dim3(Tile::kThreads);
  shape.shared_bytes =
      kStages * Stage<Tile, kProductDepth>::kSize * sizeof(float);
  launch(multiply_batch<Tile, Loader>, shape, stream, product);
}

}  // namespace

void multiply_term_by_term(const BatchedProduct& product,
                           const Stream& stream) {
  if (product.rows % SquareTile::kRows == 0) {
    launch_batch<SquareTile, TermLoader<SquareTile>>(product, stream);
  } else {
    launch_batch<WideTile, TermLoader<WideTile>>(product, stream);
  }
}

void multiply_row_by_row(const BatchedProduct& product, const Stream& stream) {
  launch_batch<SquareTile, RowLoader<SquareTile>>(product, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
