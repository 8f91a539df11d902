#include <algorithm>
#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

std::size_t index(int plane, int height, int row, int width, int column) {
  return static_cast<std::size_t>((plane * height + row) * width + column);
}

// Scatters, as one thread may. Gradients are multiples of the window's area, so
// each pixel's share is a whole number and every sum exact.
std::vector<float> scattered(const Pooling& pooling,
                             const std::vector<float>& gradient) {
  std::vector<float> result(
      index(pooling.planes, pooling.height, 0, pooling.width, 0));
  for (int plane = 0; plane < pooling.planes; ++plane) {
    for (int y = 0; y < pooling.output_height(); ++y) {
      for (int x = 0; x < pooling.output_width(); ++x) {
        const float share = gradient[index(plane, pooling.output_height(), y,
                                           pooling.output_width(), x)] /
                            static_cast<float>(pooling.size * pooling.size);
        for (int cell = 0; cell < pooling.size * pooling.size; ++cell) {
          result[index(plane, pooling.height,
                       y * pooling.stride + cell / pooling.size, pooling.width,
                       x * pooling.stride + cell % pooling.size)] += share;
        }
      }
    }
  }
  return result;
}

void expect_gradient(const Pooling& pooling) {
  std::vector<float> gradient = ramp(index(
      pooling.planes, pooling.output_height(), 0, pooling.output_width(), 0));
  for (float& number : gradient) {
    number *= static_cast<float>(pooling.size * pooling.size);
  }
  const std::vector<float> expected = scattered(pooling, gradient);
  const auto output_gradient = on_device(gradient);
  DeviceBuffer<float> input_gradient(expected.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    average_pool_backward(stream, pooling, output_gradient.data(),
                          input_gradient.data());
  }));
  const std::vector<float> actual = on_host(input_gradient);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    // A share by multiplication with 1 / area is as good as a division.
    EXPECT_NEAR(actual[i], expected[i], 1e-6F * expected[i]) << "pixel " << i;
  }
}

class AveragePoolBackward : public KernelTest {};

TEST_F(AveragePoolBackward, WindowsSideBySide) {
  expect_gradient({2, 4, 6, 2, 2});
}

TEST_F(AveragePoolBackward, PixelsThatNoWindowHolds) {
  expect_gradient({1, 5, 7, 2, 2});
  expect_gradient({1, 7, 8, 2, 3});
}

TEST_F(AveragePoolBackward, WindowsThatOverlap) {
  expect_gradient({1, 6, 5, 3, 1});
  expect_gradient({3, 9, 7, 3, 2});
}

}  // namespace
