// Which way of computing a convolution is taken, and what is refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"
#include "common/errors.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"

namespace cnn {
namespace {

using Method = ConvolutionAlgorithm;
constexpr std::array kPasses{ConvolutionPass::kForward,
                             ConvolutionPass::kInputGradient,
                             ConvolutionPass::kFilterGradient};

constexpr ConvolutionGeometry kFirst{64, 1, 28, 28, 32, 3, 3, 1, 0};
constexpr ConvolutionGeometry kDigits{64, 32, 13, 13, 64, 3, 3, 1, 0};
constexpr ConvolutionGeometry kPhotographs{128, 128, 28, 28, 128, 3, 3, 1, 1};

TEST(ConvolutionPlans, EachShapeGetsItsMethod) {
  for (const ConvolutionPass pass : kPasses) {
    EXPECT_EQ(choose_plan(kFirst, pass, 132).method, Method::kFirstLayer);
    EXPECT_EQ(choose_plan(kDigits, pass, 132).method, Method::kTiles);
    EXPECT_EQ(choose_plan(kPhotographs, pass, 132).method, Method::kWinograd);
  }
}

/// What only some kernels, strides and channels allow is not offered to others.
TEST(ConvolutionPlans, OnlyWhatFits) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(60, 5)) {
    const bool square =
        geometry.kernel_height == 3 && geometry.kernel_width == 3;
    for (const ConvolutionPass pass : kPasses) {
      auto plans = possible_plans(geometry, pass, 132);
      plans.push_back(choose_plan(geometry, pass, 132));
      EXPECT_GE(plans.size(), 2U);
      for (const ConvolutionPlan& plan : plans) {
        if (plan.method == Method::kWinograd) {
          EXPECT_TRUE(square && geometry.stride == 1) << to_string(geometry);
        }
        if (plan.method == Method::kFirstLayer) {
          EXPECT_TRUE(square && geometry.input_channels == 1);
        }
        EXPECT_TRUE(square || plan.window_tile == WindowTile::kAny);
        EXPECT_TRUE(square || plan.filter_tile == FilterTile::kAny);
        EXPECT_GE(plan.splits, 1);
        EXPECT_LE(plan.images, geometry.batch);
      }
    }
  }
}

/// A transformed array can be too large to count where the plain ones are not.
TEST(ConvolutionPlans, WinogradOnlyWhereItCanCount) {
  const ConvolutionGeometry poster{1, 64, 4096, 4096, 64, 3, 3, 1, 1};
  const ConvolutionGeometry album{256, 128, 224, 224, 128, 3, 3, 1, 1};
  const auto takes_winograd = [](const ConvolutionPlan& plan) {
    return plan.method == Method::kWinograd;
  };
  for (const ConvolutionPass pass : kPasses) {
    EXPECT_FALSE(takes_winograd(choose_plan(poster, pass, 132)));
    EXPECT_TRUE(std::ranges::none_of(possible_plans(poster, pass, 132),
                                     takes_winograd));
    // A sum over all images needs all of them; a few at a time are few.
    EXPECT_EQ(takes_winograd(choose_plan(album, pass, 132)),
              pass != ConvolutionPass::kFilterGradient);
  }
  for (const ConvolutionPlan& plan :
       possible_plans(album, ConvolutionPass::kForward, 132)) {
    EXPECT_TRUE(!takes_winograd(plan) || plan.images <= 128);
  }
}

/// A small batch must not leave most of the GPU idle: small tiles, many parts.
TEST(ConvolutionPlans, FillTheGpu) {
  const ConvolutionPlan forward =
      choose_plan(kDigits, ConvolutionPass::kForward, 132);
  EXPECT_EQ(forward.window_tile, WindowTile::k64x64);
  const ConvolutionPlan filter =
      choose_plan(kDigits, ConvolutionPass::kFilterGradient, 132);
  EXPECT_GE(filter.splits * 3, 132);
  const ConvolutionGeometry large{512, 64, 56, 56, 128, 3, 3, 2, 1};
  EXPECT_EQ(choose_plan(large, ConvolutionPass::kForward, 132).window_tile,
            WindowTile::k128x128);
}

TEST(ConvolutionPlans, WorkspaceOfWinogradIsBounded) {
  ConvolutionGeometry many = kPhotographs;
  many.batch = 4096;
  const ConvolutionPlan plan =
      choose_plan(many, ConvolutionPass::kForward, 132);
  ASSERT_EQ(plan.method, Method::kWinograd);
  EXPECT_LT(plan.images, 256);
}

TEST(ConvolutionPlans, RefuseWhatTheyCannotCount) {
  ConvolutionGeometry huge = kPhotographs;
  huge.batch = std::int64_t{1} << 20;
  try {
    choose_plan(huge, ConvolutionPass::kForward, 132);
    FAIL() << "nothing was refused";
  } catch (const InputError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("a smaller batch helps"), std::string::npos) << text;
  }
  ConvolutionGeometry none = kDigits;
  none.kernel_height = 14;
  EXPECT_THROW(choose_plan(none, ConvolutionPass::kForward, 132), InputError);
  EXPECT_THROW(possible_plans(none, ConvolutionPass::kForward, 132),
               InputError);
}

TEST(ConvolutionPlans, HaveNames) {
  for (const ConvolutionPass pass : kPasses) {
    std::vector<std::string> names;
    for (const auto& plan : possible_plans(kDigits, pass, 132)) {
      names.push_back(to_string(plan, pass));
      EXPECT_FALSE(names.back().empty());
    }
    std::ranges::sort(names);
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  }
}

}  // namespace
}  // namespace cnn
