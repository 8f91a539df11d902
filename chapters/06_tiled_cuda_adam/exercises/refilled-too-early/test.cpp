#include "exercise.hpp"
#include "tests/exercises/product_test.hpp"

namespace {

using namespace cnn;

void expect_double_buffered(int m, int n, int k) {
  expect_product(
      small_product(m, n, k),
      [=](const Stream& stream, const float* a, const float* b, float* c) {
        multiply_double_buffered(stream, a, b, c, m, n, k);
      });
}

class MultiplyDoubleBuffered : public KernelTest {};

TEST_F(MultiplyDoubleBuffered, OneTileOfTerms) {
  expect_double_buffered(16, 16, 16);
  expect_double_buffered(5, 20, 3);
}

TEST_F(MultiplyDoubleBuffered, TwoTilesOfTerms) {
  expect_double_buffered(16, 16, 32);
}

TEST_F(MultiplyDoubleBuffered, ThreeTilesOfTerms) {
  expect_double_buffered(16, 16, 48);
}

TEST_F(MultiplyDoubleBuffered, RaggedEdges) {
  expect_double_buffered(18, 33, 71);
}

}  // namespace
