// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/03_blocked_gemm/gemm_kernels.hpp"
#include "chapters/03_blocked_gemm/isa.hpp"

namespace cnn {
// endregion

// region kernels-of
/// The kernels for an instruction set that supported_isas() has.
const GemmKernels& gemm_kernels(Isa isa);

/// The micro-kernel for a tile of 1..kernels.rows rows and as many vectors as
/// 1..kernels.vectors * kernels.lanes columns take.
MicroKernel micro_kernel(const GemmKernels& kernels, std::int64_t rows,
                         std::int64_t columns);
// endregion

// region cache-sizes
/// Bytes of one core's two nearest data caches; where the system does not tell,
/// what every processor of the last ten years has.
struct CacheSizes {
  std::int64_t level_1 = 32 << 10;
  std::int64_t level_2 = 256 << 10;
};
/// Those of this machine.
const CacheSizes& cache_sizes();
// endregion

// region blocking-type
/// C is rows x columns, and each of its numbers a sum of so many terms.
struct ProductSizes {
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t terms;
};

/// How a product is cut up.
struct Blocking {
  std::int64_t panel_rows;     ///< of A: the height of a tile
  std::int64_t panel_columns;  ///< of B: the width of a tile
  std::int64_t terms;          ///< that a micro-kernel adds up at a time
  std::int64_t round;          ///< terms that are packed at a time: the same
                               ///< or, if there is room, a multiple
  std::int64_t rows;           ///< of A that are packed at a time
  std::int64_t columns;        ///< of B, likewise
  std::int64_t sweep;          ///< panels of B that stay in the level 2 cache
};
// endregion

// region task-size
/// A rectangle of C that one thread computes on its own.
struct TaskSize {
  std::int64_t rows;
  std::int64_t columns;
};

/// Tasks for a product on so many threads, never more of them than threads. A
/// thread packs alone what its task needs, so that some is packed several
/// times: the nearer to a square, the less. To pack a number takes about as
/// long as to multiply and add a vector, and to wake up the threads as long as
/// thousands of those: where that does not pay, there is one task.
TaskSize choose_tasks(const ProductSizes& sizes, const GemmKernels& kernels,
                      int threads);
// endregion

// region choose-blocking
/// Blocks of terms are a multiple of this (but for the last one).
inline constexpr std::int64_t kTermStep = 64;

/// Block sizes for one product. `terms`, which decides in what order a sum is
/// added up, depends on nothing but the number of terms and the machine.
/// @param room how many floats packed blocks may take, 64 Ki at least
Blocking choose_blocking(const ProductSizes& sizes, const GemmKernels& kernels,
                         std::int64_t room);

/// The least multiple of `step` that is at least `number`.
constexpr std::int64_t round_up(std::int64_t number, std::int64_t step) {
  return (number + step - 1) / step * step;
}

/// How many blocks of `block` it takes to cover `size`.
constexpr std::int64_t block_count(std::int64_t size, std::int64_t block) {
  return (size + block - 1) / block;
}

}  // namespace cnn
// endregion
