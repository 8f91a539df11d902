// region quiet: includes
#pragma once

#include <cstdint>

namespace cnn {
// endregion

// region product
/// A matrix product c = a b in the GPU's memory. All three matrices are
/// row-major; `lda`, `ldb` and `ldc` count elements from one row to the next.
/// A matrix spans fewer than 2^31 elements even with 32 rows more, so that
/// kernels may index with int. c overlaps neither a nor b.
struct Product {
  int m = 0;  ///< rows of c and a
  int n = 0;  ///< columns of c and b
  int k = 0;  ///< columns of a, rows of b: how many terms a sum has
  const float* a = nullptr;
  int lda = 0;
  const float* b = nullptr;
  int ldb = 0;
  float* c = nullptr;
  int ldc = 0;
};

/// A multiplication and an addition for each term of each sum.
inline double product_flop(const Product& product) {
  return 2.0 * product.m * product.n * product.k;
}
// endregion

// region product-form
/// How the factors lie, and what becomes of c before it is written.
struct ProductForm {
  bool transpose_a = false;     ///< a lies as k rows of m
  bool transpose_b = false;     ///< b lies as n rows of k
  const float* bias = nullptr;  ///< n numbers, added to each row of c
  bool relu = false;            ///< then negative numbers become 0
};

/// Throws std::invalid_argument, in one sentence that begins with `who`, when a
/// size is negative, a row longer than the step to the next one, or a matrix
/// too large for int.
void require_product(const char* who, const Product& product,
                     const ProductForm& form = {});

}  // namespace cnn
// endregion
