// region quiet: includes
#pragma once

#include <cstdint>
#include <span>

#include "chapters/02_im2col_strided_views/strided_view.hpp"
#include "chapters/03_blocked_gemm/gemm.hpp"
#include "chapters/03_blocked_gemm/gemm_kernels.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region panel-source
/// A piece of one panel: for each of `terms` terms a group of `count` numbers.
struct PanelPiece {
  std::int64_t first_term;
  std::int64_t terms;
  std::int64_t first;  ///< position: a row of A or a column of B
  std::int64_t count;
};

/// Where a packed operand comes from. To the micro-kernel A and B are alike:
/// for each term, numbers that lie side by side. What they were before that is
/// the source's affair, and need not even have been a matrix.
class PanelSource {
 public:
  virtual ~PanelSource() = default;
  /// Writes the piece as `terms` dense groups of `width` >= count numbers, with
  /// zeros behind the `count` that there are.
  virtual void pack(const PanelPiece& piece, std::int64_t width,
                    float* to) const = 0;
};
// endregion

// region matrix-source
/// The ordinary source: a matrix of terms x positions, which is B, or A
/// transposed.
class MatrixSource : public PanelSource {
 public:
  MatrixSource(const StridedView<const float>& matrix,
               const GemmKernels& kernels)
      : matrix_(matrix), kernels_(kernels) {}
  void pack(const PanelPiece& piece, std::int64_t width,
            float* to) const override;

 private:
  const StridedView<const float>& matrix_;
  const GemmKernels& kernels_;
};
// endregion

// region scratch-buffers
/// What packed blocks may take: a little less than 4 MB a thread.
inline constexpr std::int64_t kPackedFloats = 960 << 10;

/// Memory for every thread, in one piece.
struct GemmScratch::Buffers {
  explicit Buffers(int count)
      : threads(count), memory({1, 1, count, kPackedFloats}) {}
  /// The share of so many threads, from `first` on.
  std::span<float> of(int first, int shares) {
    return memory.values().subspan(
        static_cast<std::size_t>(first * kPackedFloats),
        static_cast<std::size_t>(shares * kPackedFloats));
  }

  int threads;
  Tensor memory;
};

}  // namespace cnn
// endregion
