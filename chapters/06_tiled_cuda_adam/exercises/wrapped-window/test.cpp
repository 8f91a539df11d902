#include <vector>

#include "exercise.hpp"
#include "tests/exercises/product_test.hpp"

namespace {

using namespace cnn;

// Loop by loop; small whole numbers, so that every sum is exact.
float convolved(const Windows& w, int row, int pixel,
                const std::vector<float>& filter,
                const std::vector<float>& picture) {
  float sum = 0;
  for (int channel = 0; channel < w.channels; ++channel) {
    for (int i = 0; i < w.kernel * w.kernel; ++i) {
      const int y =
          pixel / w.output_width() * w.stride - w.padding + i / w.kernel;
      const int x =
          pixel % w.output_width() * w.stride - w.padding + i % w.kernel;
      if (y < 0 || y >= w.height || x < 0 || x >= w.width) continue;
      const int weight = (row * w.channels + channel) * w.kernel * w.kernel + i;
      const int at = (channel * w.height + y) * w.width + x;
      sum += filter[static_cast<std::size_t>(weight)] *
             picture[static_cast<std::size_t>(at)];
    }
  }
  return sum;
}

void expect_convolution(const Windows& w, int filters,
                        const std::vector<float>& picture) {
  const std::vector<float> filter =
      small_numbers(filters * w.channels * w.kernel * w.kernel, 3);
  const int pixels = w.output_height() * w.output_width();
  std::vector<float> expected;
  for (int i = 0; i < filters * pixels; ++i) {
    expected.push_back(convolved(w, i / pixels, i % pixels, filter, picture));
  }
  const auto device_filter = on_device(filter);
  const auto device_picture = on_device(picture);
  DeviceBuffer<float> output(expected.size());
  ASSERT_TRUE(runs([&](const Stream& stream) {
    convolve_windows(stream, w, filters, device_filter.data(),
                     device_picture.data(), output.data());
  }));
  EXPECT_EQ(on_host(output), expected) << "padding " << w.padding;
}

void expect_convolution(const Windows& w, int filters) {
  expect_convolution(w, filters,
                     small_numbers(w.channels * w.height * w.width, 7));
}

class ConvolveWindows : public KernelTest {};

TEST_F(ConvolveWindows, WithoutPadding) {
  expect_convolution({1, 5, 7, 3, 1, 0}, 2);
  expect_convolution({3, 9, 6, 2, 2, 0}, 18);
}

TEST_F(ConvolveWindows, WithPadding) {
  expect_convolution({1, 5, 7, 3, 1, 1}, 2);
  expect_convolution({3, 6, 4, 3, 1, 1}, 17);
}

TEST_F(ConvolveWindows, WithMorePaddingAndAStride) {
  expect_convolution({2, 7, 5, 5, 2, 2}, 3);
  expect_convolution({2, 4, 3, 2, 3, 1}, 1);
}

TEST_F(ConvolveWindows, OneBrightPixelAtTheRightEdge) {
  std::vector<float> picture(4 * 6);
  picture[1 * 6 + 5] = 1;  // row 1, column 5
  expect_convolution({1, 4, 6, 3, 1, 1}, 1, picture);
}

}  // namespace
