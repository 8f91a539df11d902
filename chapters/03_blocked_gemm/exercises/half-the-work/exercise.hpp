#pragma once

#include <cstdint>

#include "chapters/02_im2col_strided_views/matrix_product.hpp"

namespace cnn {

/// c += a a^T, with hardly more than half of the multiplications that a product
/// takes: c is symmetric, so only blocks on and below its diagonal are
/// computed, and those below are copied to above it.
/// @param a rows x terms
/// @param c rows x rows, symmetric before
/// @param block rows and columns of a block, at least 1; the last one may be
/// smaller
/// @param product how to multiply
void multiply_by_own_transpose(const StridedView<const float>& a,
                               const StridedView<float>& c, std::int64_t block,
                               const MatrixProduct& product);

}  // namespace cnn
