// region quiet: includes
#include "chapters/02_im2col_strided_views/matrix_product.hpp"

#include <stdexcept>

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
// endregion

// region add-scaled-row
namespace {

/// to[j] += factor * from[j]. When both rows are dense the compiler turns the
/// loop into vector instructions; otherwise it has to hop from one element to
/// the next.
void add_scaled_row(float factor, const float* __restrict from,
                    std::int64_t from_step, float* __restrict to,
                    std::int64_t to_step, std::int64_t length) {
  if (from_step == 1 && to_step == 1) {
    for (std::int64_t j = 0; j < length; ++j) to[j] += factor * from[j];
  } else {
    for (std::int64_t j = 0; j < length; ++j) {
      to[j * to_step] += factor * from[j * from_step];
    }
  }
}

}  // namespace
// endregion

// region multiply-add
void multiply_add(const StridedView<const float>& a,
                  const StridedView<const float>& b,
                  const StridedView<float>& c) {
  if (a.rank() != 2 || b.rank() != 2 || c.rank() != 2 ||
      a.shape()[0] != c.shape()[0] || a.shape()[1] != b.shape()[0] ||
      b.shape()[1] != c.shape()[1]) {
    throw std::invalid_argument("multiply_add: shapes " + to_string(a.shape()) +
                                " times " + to_string(b.shape()) + " to " +
                                to_string(c.shape()) + " do not fit");
  }
  const auto row_of = [](const auto& matrix, std::int64_t row) {
    return matrix.data() + row * matrix.strides()[0];
  };
  for (std::int64_t i = 0; i < c.shape()[0]; ++i) {
    for (std::int64_t k = 0; k < b.shape()[0]; ++k) {
      add_scaled_row(row_of(a, i)[k * a.strides()[1]], row_of(b, k),
                     b.strides()[1], row_of(c, i), c.strides()[1],
                     c.shape()[1]);
    }
  }
}

}  // namespace cnn
// endregion
