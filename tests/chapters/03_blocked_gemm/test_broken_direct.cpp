// A zoo of mistakes that a direct convolution can make. Each is made here on
// purpose, outside the code under test: in what goes in, or in what came out.
// The comparisons that the tests use have to catch every one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/chapters/03_blocked_gemm/direct_case.hpp"

namespace {

using namespace cnn;
using test::DirectCase;

// Square, so that what is transposed stays inside the memory; two images, a
// halo, rows that pooling drops, channels that leave gaps.
const ConvolutionGeometry kGeometry{.batch = 2,
                                    .input_channels = 6,
                                    .input_height = 9,
                                    .input_width = 9,
                                    .output_channels = 11,
                                    .kernel_height = 3,
                                    .kernel_width = 3,
                                    .stride = 1,
                                    .padding = 1};

class BrokenDirect : public testing::Test {
 protected:
  BrokenDirect() { case_.run(); }
  DirectCase case_{kGeometry, {.relu = true, .pool = 2}, 21};
};

TEST_F(BrokenDirect, TheUnbrokenOnePasses) {
  EXPECT_TRUE(judge_output(case_).passed());
  EXPECT_TRUE(judge_input_gradient(case_).passed());
  EXPECT_TRUE(judge_filter_gradient(case_).passed());
  EXPECT_TRUE(judge_bias_gradient(case_).passed());
  EXPECT_EQ(test::dirty_gaps(case_.out, case_.output), 0);
}

// The image one pixel too far to the right on its canvas, and one too low.
TEST_F(BrokenDirect, HaloOffByOneIsCaught) {
  const std::vector<float> right = case_.input;
  for (const std::int64_t pixels : {std::int64_t{1}, case_.in.width}) {
    case_.input = right;
    const auto shift = static_cast<std::ptrdiff_t>(pixels * case_.in.pixel);
    std::shift_right(case_.input.begin(), case_.input.end(), shift);
    std::fill_n(case_.input.begin(), shift, 0.0F);
    case_.run();
    EXPECT_FALSE(judge_output(case_).passed());
    EXPECT_FALSE(judge_filter_gradient(case_).passed());
  }
}

// Padding of another image's pixels instead of zeros: as if the last row of
// the batch were followed by its first.
TEST_F(BrokenDirect, HaloThatIsNotZeroIsCaught) {
  const ConvolutionGeometry larger{2, 6, 11, 11, 11, 3, 3, 1, 0};
  DirectCase dirty(larger, case_.options, 21);
  std::ranges::fill(dirty.input, 0.01F);
  for (std::int64_t n = 0; n < 2; ++n) {
    for (std::int64_t y = 0; y < 9; ++y) {
      std::copy_n(case_.input.begin() + (n * 9 + y) * 9 * 8, 9 * 8,
                  dirty.input.begin() + ((n * 11 + y + 1) * 11 + 1) * 8);
    }
  }
  dirty.run();
  case_.output = dirty.output;
  EXPECT_FALSE(judge_output(case_).passed());
}

TEST_F(BrokenDirect, TransposedWinnersAreCaught) {
  std::vector<std::uint8_t> winners = case_.winners;
  for (std::uint8_t& winner : winners) {
    if (winner == 1 || winner == 2)
      winner = static_cast<std::uint8_t>(3 - winner);
  }
  case_.direct.backward_input(case_.output_gradient, winners,
                              case_.problem.filter.values(),
                              case_.input_gradient);
  case_.direct.backward_filter(case_.input, case_.output_gradient, winners,
                               case_.filter_gradient, case_.bias_gradient);
  EXPECT_FALSE(judge_input_gradient(case_).passed());
  EXPECT_FALSE(judge_filter_gradient(case_).passed());
}

TEST_F(BrokenDirect, NobodyTakenForTheFirstIsCaught) {
  std::vector<std::uint8_t> winners = case_.winners;
  EXPECT_GT(std::ranges::count(winners, DirectConvolution::kNobody), 0);
  std::ranges::replace(winners, DirectConvolution::kNobody, std::uint8_t{0});
  case_.direct.backward_input(case_.output_gradient, winners,
                              case_.problem.filter.values(),
                              case_.input_gradient);
  case_.direct.backward_filter(case_.input, case_.output_gradient, winners,
                               case_.filter_gradient, case_.bias_gradient);
  EXPECT_FALSE(judge_input_gradient(case_).passed());
  EXPECT_FALSE(judge_filter_gradient(case_).passed());
  EXPECT_FALSE(judge_bias_gradient(case_).passed());
}

TEST_F(BrokenDirect, StalePaddingChannelsAreCaught) {
  case_.output[11] = 1e-20F;
  EXPECT_EQ(test::dirty_gaps(case_.out, case_.output), 1);
  case_.output[12] = NAN;
  EXPECT_EQ(test::dirty_gaps(case_.out, case_.output), 2);
}

TEST_F(BrokenDirect, DroppedChunkIsCaught) {
  // The second image never got into the sums.
  const auto half =
      static_cast<std::ptrdiff_t>(case_.output_gradient.size() / 2);
  std::vector<float> gradient = case_.output_gradient;
  std::fill(gradient.begin() + half, gradient.end(), 0.0F);
  case_.direct.backward_filter(case_.input, gradient, case_.winners,
                               case_.filter_gradient, case_.bias_gradient);
  EXPECT_FALSE(judge_filter_gradient(case_).passed());
  EXPECT_FALSE(judge_bias_gradient(case_).passed());
}

TEST_F(BrokenDirect, ForgottenBiasAndForgottenReluAreCaught) {
  const auto filter = std::as_const(case_.problem.filter).values();
  case_.direct.forward(case_.input, filter, {}, case_.output, case_.winners);
  EXPECT_FALSE(judge_output(case_).passed());

  DirectCase linear(kGeometry, {.pool = 2}, 21);
  linear.run();
  case_.output = linear.output;
  EXPECT_FALSE(judge_output(case_).passed());
}

TEST_F(BrokenDirect, FiltersThatWereNotTurnedAreCaught) {
  std::ranges::reverse(case_.problem.filter.values());
  case_.direct.backward_input(case_.output_gradient, case_.winners,
                              case_.problem.filter.values(),
                              case_.input_gradient);
  std::ranges::reverse(case_.problem.filter.values());
  EXPECT_FALSE(judge_input_gradient(case_).passed());
}

TEST_F(BrokenDirect, ZerosAndOneNanAreCaught) {
  for (const float wrong : {0.0F, std::numeric_limits<float>::quiet_NaN()}) {
    DirectCase broken(kGeometry, {.relu = true, .pool = 2}, 21);
    broken.run();
    broken.output[1] = broken.input_gradient[2] = wrong;
    broken.filter_gradient[3] = broken.bias_gradient[4] = wrong;
    if (wrong == 0) std::ranges::fill(broken.output, wrong);
    EXPECT_FALSE(judge_output(broken).passed());
    EXPECT_FALSE(judge_input_gradient(broken).passed());
    EXPECT_FALSE(judge_filter_gradient(broken).passed());
    EXPECT_FALSE(judge_bias_gradient(broken).passed());
  }
}

}  // namespace
