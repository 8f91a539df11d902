// region quiet: includes
#include "chapters/02_im2col_strided_views/openblas_product.hpp"

namespace cnn {
// endregion

// region openblas-product
/// It wants to be told about transposed operands; the strides of a view say so.
MatrixProduct openblas_product(const OpenBlas& blas, int threads) {
  blas.set_threads(threads);
  return [blas](const StridedView<const float>& a,
                const StridedView<const float>& b,
                const StridedView<float>& c) {
    const auto transposed = [](const auto& m) { return m.strides()[1] != 1; };
    const auto leading = [&](const auto& m) {
      return transposed(m) ? m.strides()[1] : m.strides()[0];
    };
    blas.sgemm(transposed(a), transposed(b), c.shape()[0], c.shape()[1],
               a.shape()[1], 1, a.data(), leading(a), b.data(), leading(b), 1,
               c.data(), leading(c));
  };
}

}  // namespace cnn
// endregion
