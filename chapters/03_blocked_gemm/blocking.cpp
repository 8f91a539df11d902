// region quiet: includes
#include "chapters/03_blocked_gemm/blocking.hpp"

#include <unistd.h>

#include <algorithm>

namespace cnn {
// endregion

// region kernels-of
const GemmKernels& gemm_kernels(Isa isa) {
#ifdef __x86_64__
  if (isa == Isa::kAvx512) return avx512::gemm_kernels();
  if (isa == Isa::kAvx2) return avx2::gemm_kernels();
#endif
  static_cast<void>(isa);
  return portable::gemm_kernels();
}

MicroKernel micro_kernel(const GemmKernels& kernels, std::int64_t rows,
                         std::int64_t columns) {
  const std::int64_t vectors = block_count(columns, kernels.lanes);
  return kernels.micro_kernels[(rows - 1) * kernels.vectors + vectors - 1];
}
// endregion

// region cache-sizes
const CacheSizes& cache_sizes() {
  static const CacheSizes sizes = [] {
    CacheSizes found;
#ifdef _SC_LEVEL1_DCACHE_SIZE
    if (const long bytes = sysconf(_SC_LEVEL1_DCACHE_SIZE); bytes > 0) {
      found.level_1 = bytes;
    }
    if (const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE); bytes > 0) {
      found.level_2 = bytes;
    }
#endif
    return found;
  }();
  return sizes;
}
// endregion

// region balanced
namespace {

/// Cuts `size` into as few blocks as `most` allows, and those into equal ones:
/// 300 by 256 is not 256 + 44 but 2 x 150, rounded up to a multiple of `step`.
std::int64_t balanced(std::int64_t size, std::int64_t most, std::int64_t step) {
  const std::int64_t blocks =
      std::max<std::int64_t>(1, block_count(size, most));
  return round_up(std::max<std::int64_t>(1, block_count(size, blocks)), step);
}
// endregion

// region terms-block
/// A panel of A is read once for every panel of B in the sweep: it may fill
/// most of the level 1 cache, for of the B that streams past it no more need be
/// there than the next few lines. The more terms, the less often C is loaded.
std::int64_t most_terms(const GemmKernels& kernels) {
  const std::int64_t bytes = kernels.rows * std::int64_t{sizeof(float)};
  const std::int64_t fitting = cache_sizes().level_1 * 7 / 8 / bytes;
  return std::clamp<std::int64_t>(fitting / kTermStep * kTermStep, 128, 512);
}
// endregion

// region sweep
/// How many panels of B a thread walks along before it turns to the next panel
/// of A: as many as half of the level 2 cache holds.
std::int64_t choose_sweep(const Blocking& blocking) {
  const std::int64_t bytes =
      blocking.terms * blocking.panel_columns * std::int64_t{sizeof(float)};
  return std::max<std::int64_t>(cache_sizes().level_2 / 2 / bytes, 1);
}

}  // namespace
// endregion

// region task-size
TaskSize choose_tasks(const ProductSizes& sizes, const GemmKernels& kernels,
                      int threads) {
  constexpr double kWakeUp = 20000;
  const auto cost = [&](const TaskSize& task) {
    const std::int64_t each_term =
        task.rows * block_count(task.columns, kernels.lanes) +  // multiplied
        task.rows + task.columns;                               // packed
    return static_cast<double>(sizes.terms) * static_cast<double>(each_term);
  };
  TaskSize best{sizes.rows, sizes.columns};
  double least = cost(best) - kWakeUp;  // nobody has to be woken up
  for (int down = 1; threads > 1 && down <= threads; ++down) {
    const TaskSize task{
        block_count(sizes.rows, down),
        round_up(block_count(sizes.columns, threads / down),
                 std::int64_t{kernels.vectors} * kernels.lanes)};
    if (cost(task) < least) {
      best = task;
      least = cost(task);
    }
  }
  return best;
}
// endregion

// region choose-blocking
Blocking choose_blocking(const ProductSizes& sizes, const GemmKernels& kernels,
                         std::int64_t room) {
  Blocking blocking{};
  blocking.panel_rows = balanced(sizes.rows, kernels.rows, 1);
  blocking.panel_columns = std::int64_t{kernels.vectors} * kernels.lanes;
  blocking.terms = balanced(sizes.terms, most_terms(kernels), kTermStep);

  // What does not fit is cut: first B, which is packed once, then A, which is
  // packed again for every block of columns.
  const std::int64_t lines = room / blocking.terms - blocking.panel_columns;
  const std::int64_t few_rows = std::min(
      sizes.rows, lines / 5 / blocking.panel_rows * blocking.panel_rows);
  const std::int64_t most_columns =
      (lines - few_rows) / blocking.panel_columns * blocking.panel_columns;
  blocking.columns =
      balanced(sizes.columns, most_columns, blocking.panel_columns);
  const std::int64_t most_rows =
      (lines - blocking.columns) / blocking.panel_rows * blocking.panel_rows;
  blocking.rows = balanced(sizes.rows, most_rows, blocking.panel_rows);
  // What is small is packed at once, all of its terms.
  const std::int64_t blocks = std::clamp<std::int64_t>(
      lines / (blocking.rows + blocking.columns), 1,
      std::max<std::int64_t>(1, block_count(sizes.terms, blocking.terms)));
  blocking.round = blocking.terms * blocks;
  blocking.sweep = choose_sweep(blocking);
  return blocking;
}

}  // namespace cnn
// endregion
