#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "common/random.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

TEST(TrueConvolution, TurnsOneKernel) {
  const ConvolutionGeometry geometry{.input_height = 2,
                                     .input_width = 3,
                                     .kernel_height = 2,
                                     .kernel_width = 3};
  const std::array<float, 6> input{1, 10, 100, 1000, 10000, 100000};
  const std::array<float, 6> filter{1, 2, 3, 4, 5, 6};
  std::array<float, 1> output{};
  true_convolution(geometry, input, filter, output);
  EXPECT_EQ(output[0], 123456) << "the last weight belongs to the first pixel";
}

TEST(TrueConvolution, TurnsEveryChannelInItsPlace) {
  const ConvolutionGeometry geometry{.input_channels = 2,
                                     .input_height = 1,
                                     .input_width = 2,
                                     .output_channels = 2,
                                     .kernel_width = 2};
  const std::array<float, 4> input{1, 10, 100, 1000};
  const std::array<float, 8> filter{1, 2, 3, 4, 5, 6, 7, 8};
  std::array<float, 2> output{};
  true_convolution(geometry, input, filter, output);
  EXPECT_EQ(output[0], 3412);
  EXPECT_EQ(output[1], 7856);
}

TEST(TrueConvolution, TwoPassesAreOnePassWithTheConvolvedFilter) {
  std::vector<float> picture(81);
  Random(1).fill_uniform(picture, -1, 1);
  const std::array<float, 4> first{1, 2, 3, 5};
  const std::array<float, 4> second{7, -1, 4, 2};
  const ConvolutionGeometry once{.input_height = 9,
                                 .input_width = 9,
                                 .kernel_height = 2,
                                 .kernel_width = 2};
  std::vector<float> between(64);
  std::vector<float> twice(49);
  true_convolution(once, picture, first, between);
  ConvolutionGeometry again = once;
  again.input_height = again.input_width = 8;
  true_convolution(again, between, second, twice);

  std::array<float, 9> both{};
  true_convolution({.input_height = 2,
                    .input_width = 2,
                    .kernel_height = 2,
                    .kernel_width = 2,
                    .padding = 1},
                   first, second, both);
  std::vector<float> direct(49);
  true_convolution({.input_height = 9,
                    .input_width = 9,
                    .kernel_height = 3,
                    .kernel_width = 3},
                   picture, both, direct);
  for (std::size_t i = 0; i < direct.size(); ++i) {
    EXPECT_NEAR(twice[i], direct[i], 1e-4) << "pixel " << i;
  }
}

TEST(TrueConvolution, LeavesTheFilterAlone) {
  const std::array<float, 2> input{1, 2};
  std::array<float, 2> filter{3, 4};
  std::array<float, 1> output{};
  true_convolution({.input_width = 2, .kernel_width = 2}, input, filter,
                   output);
  EXPECT_EQ(filter, (std::array<float, 2>{3, 4}));
  EXPECT_EQ(output[0], 1 * 4 + 2 * 3);
}

}  // namespace
