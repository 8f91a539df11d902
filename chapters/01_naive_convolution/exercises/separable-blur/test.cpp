#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "chapters/01_naive_convolution/reference.hpp"
#include "common/random.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

TEST(SeparableBlur, IsTheBlurInOnePass) {
  for (const std::int64_t size : {1, 3, 5, 7}) {
    const ConvolutionGeometry geometry{.input_height = 11,
                                       .input_width = 6,
                                       .kernel_height = size,
                                       .kernel_width = size,
                                       .padding = size / 2};
    std::vector<float> picture(66);
    Random(2).fill_uniform(picture, 0, 1);
    const std::vector<float> box(static_cast<std::size_t>(size * size),
                                 1.0F / static_cast<float>(size * size));
    const auto expected = reference_forward(geometry, picture, box);
    const auto result = separable_blur(picture, 11, 6, size);
    ASSERT_EQ(result.size(), expected.value.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
      ASSERT_TRUE(std::abs(result[i] - expected.value[i]) <= 1e-6)
          << "size " << size << ", pixel " << i << ": " << result[i]
          << ", expected " << expected.value[i];
    }
  }
}

TEST(SeparableBlur, FadesAtTheBorder) {
  const std::vector<float> white(25, 1.0F);
  const auto result = separable_blur(white, 5, 5, 3);
  EXPECT_NEAR(result[12], 1, 1e-6) << "the middle stays white";
  EXPECT_NEAR(result[0], 4.0 / 9, 1e-6) << "a corner sees four pixels of nine";
  EXPECT_NEAR(result[2], 6.0 / 9, 1e-6) << "an edge sees six of nine";
}

}  // namespace
