// region quiet: includes
#pragma once

#include <functional>

#include "chapters/02_im2col_strided_views/strided_view.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
// endregion

// region product-type
/// Adds the matrix product a b to c, as in c += a b.
/// @param a rows x terms
/// @param b terms x columns
/// @param c rows x columns; overlaps neither a nor b
/// All three are views, so a transposed operand is one with its strides
/// exchanged: it needs no flag here, and no copy.
using MatrixProduct = std::function<void(const StridedView<const float>& a,
                                         const StridedView<const float>& b,
                                         const StridedView<float>& c)>;
// endregion

// region openblas-product-declaration
/// OpenBLAS as a MatrixProduct, from now on with `threads` threads.
MatrixProduct openblas_product(const OpenBlas& blas, int threads = 1);
// endregion

// region multiply-add-declaration
/// The plain MatrixProduct: three loops, in the order that walks along rows.
/// Throws std::invalid_argument when the shapes do not fit one another.
void multiply_add(const StridedView<const float>& a,
                  const StridedView<const float>& b,
                  const StridedView<float>& c);

}  // namespace cnn
// endregion
