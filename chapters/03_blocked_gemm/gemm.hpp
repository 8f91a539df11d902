// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>

#include "chapters/02_im2col_strided_views/strided_view.hpp"
#include "chapters/03_blocked_gemm/isa.hpp"

namespace cnn {
// endregion

// region epilogue
/// What happens to a number of C on its way to memory.
struct Epilogue {
  const float* row_bias = nullptr;     ///< one for each row of C, or none
  const float* column_bias = nullptr;  ///< one for each column, or none
  bool relu = false;                   ///< negative numbers become 0
};
// endregion

// region gemm-options
/// How to multiply.
struct GemmOptions {
  float alpha = 1;
  float beta = 0;  ///< 0: what C held is not read, and may be NaN
  Epilogue epilogue{};
  int threads = 1;
  Isa isa = best_isa();
};
// endregion

// region gemm-declaration
/// Memory for packed blocks, allocated once and used by any number of products,
/// one at a time.
class GemmScratch {
 public:
  /// For products on up to `threads` threads.
  explicit GemmScratch(int threads);
  GemmScratch(GemmScratch&&) noexcept;
  GemmScratch& operator=(GemmScratch&&) noexcept;
  ~GemmScratch();

  int threads() const;
  std::int64_t bytes() const;

  struct Buffers;  // how it is cut up: packing.hpp
  Buffers& buffers() { return *buffers_; }

 private:
  std::unique_ptr<Buffers> buffers_;
};

/// C = relu(alpha * A B + beta * C + bias). Any sizes, 0 included; A and B with
/// any strides, so that all four transposed cases are one; C with any strides
/// of which one is 1. C overlaps neither A nor B. The result is the same, bit
/// for bit, for every number of threads. Nothing is allocated. Throws
/// std::invalid_argument when shapes do not fit one another, when no stride of
/// C is 1, or when `scratch` is for fewer threads. Method: Goto and van de
/// Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3),
/// 2008.
void gemm(const StridedView<const float>& a, const StridedView<const float>& b,
          const StridedView<float>& c, const GemmOptions& options,
          GemmScratch& scratch);

}  // namespace cnn
// endregion
