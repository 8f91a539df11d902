// region quiet: includes
#include "chapters/03_blocked_gemm/steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "chapters/03_blocked_gemm/blocking.hpp"
#include "chapters/03_blocked_gemm/packing.hpp"

namespace cnn {
// endregion

// region require-product
void require_product(std::string_view who, const StridedView<const float>& a,
                     const StridedView<const float>& b,
                     const StridedView<float>& c) {
  if (a.rank() != 2 || b.rank() != 2 || c.rank() != 2 ||
      a.shape()[0] != c.shape()[0] || a.shape()[1] != b.shape()[0] ||
      b.shape()[1] != c.shape()[1]) {
    throw std::invalid_argument(fmt::format(
        "{}: shapes {} times {} to {} do not fit", who, to_string(a.shape()),
        to_string(b.shape()), to_string(c.shape())));
  }
}
// endregion

// region step-textbook
void multiply_textbook(const StridedView<const float>& a,
                       const StridedView<const float>& b,
                       const StridedView<float>& c) {
  require_product("multiply_textbook", a, b, c);
  for (std::int64_t i = 0; i < c.shape()[0]; ++i) {
    for (std::int64_t j = 0; j < c.shape()[1]; ++j) {
      float sum = 0;
      for (std::int64_t k = 0; k < a.shape()[1]; ++k) {
        sum += a.data()[i * a.strides()[0] + k * a.strides()[1]] *
               b.data()[k * b.strides()[0] + j * b.strides()[1]];
      }
      c.data()[i * c.strides()[0] + j * c.strides()[1]] += sum;
    }
  }
}
// endregion

// region step-blocks
namespace {

/// A block of b: 256 x 256 numbers are 256 KB, a part of the level 2 cache.
constexpr std::int64_t kBlockTerms = 256;
constexpr std::int64_t kBlockColumns = 256;
/// And of a, once that is packed, too.
constexpr std::int64_t kBlockRows = 84;

/// Part of a matrix: at most so many rows and columns, from a corner on.
template <class T>
StridedView<T> part(const StridedView<T>& matrix, std::int64_t row,
                    std::int64_t column, std::int64_t rows,
                    std::int64_t columns) {
  const Axes& strides = matrix.strides();
  return {matrix.data() + row * strides[0] + column * strides[1],
          {std::min(rows, matrix.shape()[0] - row),
           std::min(columns, matrix.shape()[1] - column)},
          strides};
}

}  // namespace
// endregion

// region step-blocked
void multiply_blocked(const StridedView<const float>& a,
                      const StridedView<const float>& b,
                      const StridedView<float>& c) {
  require_product("multiply_blocked", a, b, c);
  const std::int64_t rows = a.shape()[0];
  for (std::int64_t j = 0; j < b.shape()[1]; j += kBlockColumns) {
    for (std::int64_t k = 0; k < b.shape()[0]; k += kBlockTerms) {
      multiply_add(part(a, 0, k, rows, kBlockTerms),
                   part(b, k, j, kBlockTerms, kBlockColumns),
                   part(c, 0, j, rows, kBlockColumns));
    }
  }
}
// endregion

// region step-packed
void multiply_packed(const StridedView<const float>& a,
                     const StridedView<const float>& b,
                     const StridedView<float>& c, GemmScratch& scratch) {
  require_product("multiply_packed", a, b, c);
  const std::int64_t rows = a.shape()[0];
  const auto memory = scratch.buffers().of(0, 1);
  for (std::int64_t j = 0; j < b.shape()[1]; j += kBlockColumns) {
    for (std::int64_t k = 0; k < b.shape()[0]; k += kBlockTerms) {
      const auto block = part(b, k, j, kBlockTerms, kBlockColumns);
      const auto size = static_cast<std::size_t>(block.size());
      const auto packed = row_major(memory.first(size), block.shape());
      copy(block, packed);
      multiply_add(part(a, 0, k, rows, kBlockTerms), packed,
                   part(c, 0, j, rows, kBlockColumns));
    }
  }
}
// endregion

// region tile-type
namespace {

/// A micro-kernel and the size of its tile, at most 16 x 32. The tile it
/// computes is written to a buffer, row by row.
struct TileKernel {
  std::int64_t rows;
  std::int64_t columns;
  void (*run)(const GemmKernels& kernels, const float* a, const float* b,
              std::int64_t terms, float* tile);
};
constexpr std::int64_t kMostTile = 16 * 32;

/// Cuts a block into panels of `width` positions, the last one padded with
/// zeros, and packs one behind the other.
/// @param matrix terms x positions
void pack_panels(const StridedView<const float>& matrix, std::int64_t width,
                 float* to) {
  const Axes& strides = matrix.strides();
  for (std::int64_t j = 0; j < matrix.shape()[1]; j += width) {
    for (std::int64_t k = 0; k < matrix.shape()[0]; ++k) {
      const float* from = matrix.data() + k * strides[0] + j * strides[1];
      const std::int64_t count = std::min(width, matrix.shape()[1] - j);
      for (std::int64_t i = 0; i < count; ++i) to[i] = from[i * strides[1]];
      std::fill(to + count, to + width, 0.0F);
      to += width;
    }
  }
}
// endregion

// region inner-loops
/// c += a b for one packed block of each: a tile for every pair of panels. What
/// the padding led to is not added.
void multiply_panels(const TileKernel& kernel, const GemmKernels& kernels,
                     std::int64_t terms, const float* a, const float* b,
                     const StridedView<float>& c) {
  alignas(64) float tile[kMostTile];
  for (std::int64_t i = 0; i < c.shape()[0]; i += kernel.rows) {
    for (std::int64_t j = 0; j < c.shape()[1]; j += kernel.columns) {
      kernel.run(kernels, a + i * terms, b + j * terms, terms, tile);
      const auto target = part(c, i, j, kernel.rows, kernel.columns);
      const std::int64_t row_step = target.strides()[0];
      const std::int64_t step = target.strides()[1];
      for (std::int64_t y = 0; y < target.shape()[0]; ++y) {
        for (std::int64_t x = 0; x < target.shape()[1]; ++x) {
          target.data()[y * row_step + x * step] +=
              tile[y * kernel.columns + x];
        }
      }
    }
  }
}
// endregion

// region outer-loops
/// The three outer loops cut a, b and c into blocks.
void multiply_tiles(const TileKernel& kernel, const GemmKernels& kernels,
                    const StridedView<const float>& a,
                    const StridedView<const float>& b,
                    const StridedView<float>& c, GemmScratch& scratch) {
  float* packed_b = scratch.buffers().of(0, 1).data();
  float* packed_a = packed_b + kBlockTerms * (kBlockColumns + kernel.columns);
  for (std::int64_t j = 0; j < b.shape()[1]; j += kBlockColumns) {
    for (std::int64_t k = 0; k < b.shape()[0]; k += kBlockTerms) {
      const auto right = part(b, k, j, kBlockTerms, kBlockColumns);
      pack_panels(right, kernel.columns, packed_b);
      for (std::int64_t i = 0; i < a.shape()[0]; i += kBlockRows) {
        const auto left = part(a, i, k, kBlockRows, kBlockTerms);
        pack_panels(left.transposed(), kernel.rows, packed_a);
        multiply_panels(kernel, kernels, right.shape()[0], packed_a, packed_b,
                        part(c, i, j, kBlockRows, kBlockColumns));
      }
    }
  }
}
// endregion

// region step-tiled
constexpr std::int64_t kTiledRows = 6;
constexpr std::int64_t kTiledColumns = 32;

/// A tile of sums small enough for registers, and loops whose ends the compiler
/// knows: that is all it needs to see.
void tiled_kernel(const GemmKernels& /*none*/, const float* __restrict a,
                  const float* __restrict b, std::int64_t terms,
                  float* __restrict tile) {
  float sum[kTiledRows][kTiledColumns] = {};
  for (std::int64_t k = 0; k < terms; ++k) {
    for (std::int64_t i = 0; i < kTiledRows; ++i) {
      for (std::int64_t j = 0; j < kTiledColumns; ++j) {
        sum[i][j] += a[k * kTiledRows + i] * b[k * kTiledColumns + j];
      }
    }
  }
  std::copy_n(&sum[0][0], kTiledRows * kTiledColumns, tile);
}

}  // namespace

void multiply_tiled(const StridedView<const float>& a,
                    const StridedView<const float>& b,
                    const StridedView<float>& c, GemmScratch& scratch) {
  require_product("multiply_tiled", a, b, c);
  multiply_tiles({kTiledRows, kTiledColumns, tiled_kernel},
                 gemm_kernels(best_isa()), a, b, c, scratch);
}
// endregion

// region step-simd
namespace {

/// The largest micro-kernel of an instruction set, writing to the buffer.
void simd_kernel(const GemmKernels& kernels, const float* a, const float* b,
                 std::int64_t terms, float* tile) {
  const std::int64_t columns = std::int64_t{kernels.vectors} * kernels.lanes;
  micro_kernel(kernels, kernels.rows, columns)({.a = a,
                                                .b = b,
                                                .terms = terms,
                                                .c = tile,
                                                .c_row = columns,
                                                .alpha = 1,
                                                .beta = 0,
                                                .row_bias = nullptr,
                                                .column_bias = nullptr,
                                                .relu = false});
}

}  // namespace

void multiply_simd(const StridedView<const float>& a,
                   const StridedView<const float>& b,
                   const StridedView<float>& c, GemmScratch& scratch) {
  require_product("multiply_simd", a, b, c);
  const GemmKernels& kernels = gemm_kernels(best_isa());
  multiply_tiles({kernels.rows, std::int64_t{kernels.vectors} * kernels.lanes,
                  simd_kernel},
                 kernels, a, b, c, scratch);
}
// endregion

// region gemm-steps
namespace {

using In = StridedView<const float>;
using Out = StridedView<float>;

constexpr std::array kSteps{
    GemmStep{1, "textbook", "three loops, a sum for each element", false,
             [](const In& a, const In& b, const Out& c, int, GemmScratch&) {
               multiply_textbook(a, b, c);
             }},
    GemmStep{2, "loop order", "the innermost loop runs along rows", false,
             [](const In& a, const In& b, const Out& c, int, GemmScratch&) {
               multiply_add(a, b, c);
             }},
    GemmStep{3, "cache blocks", "a block of B stays in the cache", false,
             [](const In& a, const In& b, const Out& c, int, GemmScratch&) {
               multiply_blocked(a, b, c);
             }},
    GemmStep{4, "packing", "the block is copied to lie densely", false,
             [](const In& a, const In& b, const Out& c, int,
                GemmScratch& scratch) { multiply_packed(a, b, c, scratch); }},
    GemmStep{5, "register tile", "a tile of C stays in registers", false,
             [](const In& a, const In& b, const Out& c, int,
                GemmScratch& scratch) { multiply_tiled(a, b, c, scratch); }},
    GemmStep{6, "SIMD tile", "vectors by our own hand fill all registers",
             false,
             [](const In& a, const In& b, const Out& c, int,
                GemmScratch& scratch) { multiply_simd(a, b, c, scratch); }},
    GemmStep{7, "gemm", "blocks sized by the caches, no detour to C", false,
             [](const In& a, const In& b, const Out& c, int,
                GemmScratch& scratch) { gemm(a, b, c, {.beta = 1}, scratch); }},
    GemmStep{8, "threads", "the tiles are shared out among cores", true,
             [](const In& a, const In& b, const Out& c, int threads,
                GemmScratch& scratch) {
               gemm(a, b, c, {.beta = 1, .threads = threads}, scratch);
             }}};

}  // namespace

std::span<const GemmStep> gemm_steps() {
  return kSteps;
}

}  // namespace cnn
// endregion
