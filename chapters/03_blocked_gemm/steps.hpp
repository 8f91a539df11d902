// region quiet: includes
#pragma once

#include <span>
#include <string_view>

#include "chapters/02_im2col_strided_views/strided_view.hpp"
#include "chapters/03_blocked_gemm/gemm.hpp"

namespace cnn {
// endregion

// region gemm-step
/// One step of the way from three loops to the machine's limit. Each changes
/// one thing; all compute c += a b.
struct GemmStep {
  int number;               ///< 1, 2, 3, ...
  std::string_view name;    ///< "loop order", short enough for a table
  std::string_view change;  ///< what it does that the one before does not
  bool uses_threads;        ///< false: `threads` changes nothing
  /// @param a rows x terms, any strides
  /// @param b terms x columns, any strides
  /// @param c rows x columns, one stride of which is 1; overlaps neither
  /// @param scratch for at least `threads` threads
  /// Throws std::invalid_argument when the shapes do not fit one another.
  void (*run)(const StridedView<const float>& a,
              const StridedView<const float>& b, const StridedView<float>& c,
              int threads, GemmScratch& scratch);
};

/// All of them, in order.
std::span<const GemmStep> gemm_steps();
// endregion

// region step-declarations
/// Throws std::invalid_argument, with one sentence that begins with `who`,
/// unless a b has the shape of c.
void require_product(std::string_view who, const StridedView<const float>& a,
                     const StridedView<const float>& b,
                     const StridedView<float>& c);

/// 1: a sum for each element of c, as in the textbook.
void multiply_textbook(const StridedView<const float>& a,
                       const StridedView<const float>& b,
                       const StridedView<float>& c);

// 2 is chapter 2's multiply_add(): along the rows of b and c.

/// 3: multiply_add() on one block of b after the other, each small enough to
/// stay in the cache.
void multiply_blocked(const StridedView<const float>& a,
                      const StridedView<const float>& b,
                      const StridedView<float>& c);

/// 4: the same blocks, copied so that they lie densely.
void multiply_packed(const StridedView<const float>& a,
                     const StridedView<const float>& b,
                     const StridedView<float>& c, GemmScratch& scratch);

/// 5: a tile of c is summed up in registers, by code without a single vector
/// type: vector instructions are the compiler's affair.
void multiply_tiled(const StridedView<const float>& a,
                    const StridedView<const float>& b,
                    const StridedView<float>& c, GemmScratch& scratch);

/// 6: the same loops around a micro-kernel written with vectors.
void multiply_simd(const StridedView<const float>& a,
                   const StridedView<const float>& b,
                   const StridedView<float>& c, GemmScratch& scratch);

// 7 is gemm() on one thread, 8 gemm() on all of them.

}  // namespace cnn
// endregion
