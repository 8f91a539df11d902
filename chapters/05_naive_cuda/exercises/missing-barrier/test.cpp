#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

// Small whole numbers: every sum is exact, in any order.
void expect_product(int rows, int columns) {
  const auto size = static_cast<std::size_t>(rows * columns);
  std::vector<float> matrix(size);
  for (std::size_t i = 0; i < size; ++i) {
    matrix[i] = static_cast<float>(i * 7 % 11) - 5;
  }
  const std::vector<float> x = ramp(static_cast<std::size_t>(columns));
  std::vector<float> expected(static_cast<std::size_t>(rows));
  for (std::size_t row = 0; row < expected.size(); ++row) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      expected[row] += matrix[row * x.size() + k] * x[k];
    }
  }
  const auto device_matrix = on_device(matrix);
  const auto device_x = on_device(x);
  DeviceBuffer<float> y(expected.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    multiply_by_vector(stream, device_matrix.data(), device_x.data(), y.data(),
                       rows, columns);
  }));
  EXPECT_EQ(on_host(y), expected);
}

class MultiplyByVector : public KernelTest {};

TEST_F(MultiplyByVector, OnePart) {
  expect_product(64, 64);
  expect_product(5, 30);
}

TEST_F(MultiplyByVector, SeveralParts) {
  expect_product(64, 128);
}

TEST_F(MultiplyByVector, RaggedEdges) {
  expect_product(70, 150);
}

}  // namespace
