// region quiet: includes
#include "chapters/03_blocked_gemm/gemm.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "chapters/03_blocked_gemm/blocked_product.hpp"
#include "chapters/03_blocked_gemm/packing.hpp"
#include "chapters/03_blocked_gemm/steps.hpp"

namespace cnn {
// endregion

// region gemm-requirements
namespace {

/// An axis of one element or none is never stepped along: any stride will do.
bool is_dense(const StridedView<float>& c, int axis) {
  return c.strides()[axis] == 1 || c.shape()[axis] <= 1;
}

void require_fit(const StridedView<const float>& a,
                 const StridedView<const float>& b, const StridedView<float>& c,
                 const GemmOptions& options, const GemmScratch& scratch) {
  require_product("gemm", a, b, c);
  if (!is_dense(c, 0) && !is_dense(c, 1)) {
    throw std::invalid_argument(
        fmt::format("gemm: the result has strides {}, expected one of them to "
                    "be 1",
                    to_string(c.strides())));
  }
  if (options.threads < 1 || options.threads > scratch.threads()) {
    throw std::invalid_argument(
        fmt::format("gemm: found {} threads, expected 1 to {}, which the "
                    "scratch memory is for",
                    options.threads, scratch.threads()));
  }
}
// endregion

// region transposed-product
/// Whether (A B)^T = B^T A^T is the better product to compute: because the rows
/// of C are what is dense, or because fewer lanes of its vectors stay empty. A
/// row costs as many lanes as its vectors have, used or not.
bool better_transposed(const StridedView<float>& c,
                       const GemmKernels& kernels) {
  if (!is_dense(c, 1)) return true;
  const auto lanes = [&](std::int64_t rows, std::int64_t columns) {
    return rows * round_up(columns, kernels.lanes);
  };
  const std::int64_t rows = c.shape()[0];
  const std::int64_t columns = c.shape()[1];
  return lanes(rows, columns) * 4 > lanes(columns, rows) * 5;
}

}  // namespace
// endregion

// region gemm
void gemm(const StridedView<const float>& a, const StridedView<const float>& b,
          const StridedView<float>& c, const GemmOptions& options,
          GemmScratch& scratch) {
  require_fit(a, b, c, options, scratch);
  const GemmKernels& kernels = gemm_kernels(options.isa);
  const StridedView<const float> a_transposed = a.transposed();
  const MatrixSource left(a_transposed, kernels);
  const MatrixSource right(b, kernels);
  const std::int64_t rows = c.shape()[0];
  const std::int64_t columns = c.shape()[1];
  const std::int64_t terms = a.shape()[1];
  const auto memory = scratch.buffers().of(0, options.threads);
  if (better_transposed(c, kernels)) {
    GemmOptions turned = options;
    std::swap(turned.epilogue.row_bias, turned.epilogue.column_bias);
    blocked_product({columns, rows, terms}, right, left, c.transposed(), turned,
                    memory);
  } else {
    blocked_product({rows, columns, terms}, left, right, c, options, memory);
  }
}

}  // namespace cnn
// endregion
