// region quiet: includes
#pragma once

#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
// endregion

// region openblas-product-declaration
/// OpenBLAS as a MatrixProduct, from now on with `threads` threads.
MatrixProduct openblas_product(const OpenBlas& blas, int threads = 1);

}  // namespace cnn
// endregion
