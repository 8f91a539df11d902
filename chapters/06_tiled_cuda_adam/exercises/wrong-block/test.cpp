#include "exercise.hpp"
#include "tests/exercises/product_test.hpp"

namespace {

using namespace cnn;

void expect_squares(int m, int n, int k) {
  expect_product(
      small_product(m, n, k),
      [=](const Stream& stream, const float* a, const float* b, float* c) {
        multiply_in_squares(stream, a, b, c, m, n, k);
      });
}

class MultiplyInSquares : public KernelTest {};

TEST_F(MultiplyInSquares, OneTile) {
  expect_squares(32, 32, 8);
}

TEST_F(MultiplyInSquares, SeveralTiles) {
  expect_squares(32, 64, 24);
}

TEST_F(MultiplyInSquares, RaggedEdges) {
  expect_squares(45, 37, 11);
  expect_squares(1, 3, 2);
}

}  // namespace
