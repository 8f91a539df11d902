// region quiet: includes
#include "chapters/06_tiled_cuda_adam/product.hpp"

#include <fmt/format.h>

#include <limits>
#include <stdexcept>

namespace cnn {
// endregion

// region require-product
namespace {

void require_matrix(const char* who, const char* name, int rows, int columns,
                    int step) {
  if (columns > step) {
    throw std::invalid_argument(
        fmt::format("{}: {} has rows of {} elements, but only {} from one row "
                    "to the next",
                    who, name, columns, step));
  }
  constexpr int kSpare = 32;  // so far ahead a tile may look
  if ((std::int64_t{rows} + kSpare) * step > std::numeric_limits<int>::max()) {
    throw std::invalid_argument(
        fmt::format("{}: {} has {} rows {} elements apart, which int cannot "
                    "count",
                    who, name, rows, step));
  }
}

}  // namespace

void require_product(const char* who, const Product& product,
                     const ProductForm& form) {
  const auto& [m, n, k, a, lda, b, ldb, c, ldc] = product;
  if (m < 0 || n < 0 || k < 0) {
    throw std::invalid_argument(fmt::format(
        "{}: m = {}, n = {}, k = {}: a size is negative", who, m, n, k));
  }
  require_matrix(who, "a", form.transpose_a ? k : m, form.transpose_a ? m : k,
                 lda);
  require_matrix(who, "b", form.transpose_b ? n : k, form.transpose_b ? k : n,
                 ldb);
  require_matrix(who, "c", m, n, ldc);
}

}  // namespace cnn
// endregion
