#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "exercise.hpp"

namespace cnn {

static std::ostream& operator<<(std::ostream& out,
                                const ConvolutionSize& size) {
  return out << size.input_channels << " to " << size.output_channels
             << " channels, " << size.height << "x" << size.width << ", kernel "
             << size.kernel << ", stride " << size.stride << ", padding "
             << size.padding << ", dilation " << size.dilation << ", groups "
             << size.groups;
}

}  // namespace cnn

namespace {

using namespace cnn;

// How often a kernel fits, found by putting it everywhere.
std::int64_t places(const ConvolutionSize& size, std::int64_t pixels) {
  std::int64_t count = 0;
  const std::int64_t reach = size.dilation * (size.kernel - 1);
  for (std::int64_t first = -size.padding;
       first + reach < pixels + size.padding; first += size.stride) {
    ++count;
  }
  return count;
}

// Every product and every bias, one by one.
ConvolutionCost counted(const ConvolutionSize& size) {
  ConvolutionCost cost;
  for (std::int64_t o = 0; o < size.output_channels; ++o) {
    const std::int64_t group = o / (size.output_channels / size.groups);
    std::int64_t weights = 1;  // the bias
    for (std::int64_t i = 0; i < size.input_channels; ++i) {
      if (i / (size.input_channels / size.groups) != group) continue;
      weights += size.kernel * size.kernel;
    }
    cost.weights += weights;
    cost.multiply_adds +=
        weights * places(size, size.height) * places(size, size.width);
  }
  return cost;
}

class CostOf : public testing::TestWithParam<ConvolutionSize> {};

TEST_P(CostOf, IsWhatLoopsCount) {
  const ConvolutionCost expected = counted(GetParam());
  const ConvolutionCost found = cost_of(GetParam());
  EXPECT_EQ(found.weights, expected.weights);
  EXPECT_EQ(found.multiply_adds, expected.multiply_adds);
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, CostOf,
    testing::Values(ConvolutionSize{1, 10, 28, 28, 3, 1, 1},
                    ConvolutionSize{10, 18, 14, 14, 3, 1, 1},
                    ConvolutionSize{.input_channels = 3,
                                    .output_channels = 5,
                                    .height = 9,
                                    .width = 14,
                                    .kernel = 4,
                                    .stride = 3,
                                    .padding = 2},
                    ConvolutionSize{.input_channels = 2,
                                    .output_channels = 3,
                                    .height = 12,
                                    .width = 11,
                                    .kernel = 3,
                                    .stride = 2,
                                    .padding = 1,
                                    .dilation = 4},
                    ConvolutionSize{.input_channels = 6,
                                    .output_channels = 9,
                                    .height = 7,
                                    .width = 5,
                                    .kernel = 3,
                                    .groups = 3},
                    ConvolutionSize{.input_channels = 4,
                                    .output_channels = 8,
                                    .height = 10,
                                    .width = 13,
                                    .kernel = 3,
                                    .stride = 2,
                                    .padding = 3,
                                    .dilation = 3,
                                    .groups = 4}));

// The first network of report 002: both convolutions, to the digit.
TEST(CostOfLayers, AgreeWithTheReport) {
  EXPECT_EQ(cost_of({1, 10, 28, 28, 3, 1, 1}).weights, 100);
  EXPECT_EQ(cost_of({1, 10, 28, 28, 3, 1, 1}).multiply_adds, 100 * 784);
  EXPECT_EQ(cost_of({10, 18, 14, 14, 3, 1, 1}).weights, 1'638);
  EXPECT_EQ(cost_of({10, 18, 14, 14, 3, 1, 1}).multiply_adds, 1'638 * 196);
}

}  // namespace
