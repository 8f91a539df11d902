#include <gtest/gtest.h>

#include <numeric>
#include <utility>
#include <vector>

#include "exercise.hpp"

namespace {

using namespace cnn;

// 0 1 2 3 4
// 5 6 7 8 9
// 10 ...
class TurnWithoutMoving : public testing::Test {
 protected:
  void SetUp() override { std::iota(picture_.begin(), picture_.end(), 0.0F); }

  static constexpr std::int64_t kHeight = 3;
  static constexpr std::int64_t kWidth = 5;
  std::vector<float> picture_ = std::vector<float>(kHeight * kWidth);
};

TEST_F(TurnWithoutMoving, MirroredExchangesLeftAndRight) {
  const auto view = mirrored(picture_, kHeight, kWidth);
  ASSERT_EQ(to_string(view.shape()), to_string(Axes{kHeight, kWidth}));
  EXPECT_EQ(view({0, 0}), 4);
  EXPECT_EQ(view({0, 4}), 0);
  EXPECT_EQ(view({2, 1}), 13);
}

TEST_F(TurnWithoutMoving, QuarterTurnGoesClockwise) {
  const auto view = quarter_turn(picture_, kHeight, kWidth);
  ASSERT_EQ(to_string(view.shape()), to_string(Axes{kWidth, kHeight}));
  EXPECT_EQ(view({0, 0}), 10) << "bottom left becomes top left";
  EXPECT_EQ(view({0, 2}), 0) << "top left becomes top right";
  EXPECT_EQ(view({4, 2}), 4) << "top right becomes bottom right";
  EXPECT_EQ(view({1, 1}), 6);
}

TEST_F(TurnWithoutMoving, FourQuarterTurnsAreNone) {
  std::vector<float> turning = picture_;
  std::int64_t height = kHeight;
  std::int64_t width = kWidth;
  for (int turn = 0; turn < 4; ++turn) {
    std::vector<float> turned(turning.size());
    const auto view = quarter_turn(turning, height, width);
    ASSERT_EQ(to_string(view.shape()), to_string(Axes{width, height}));
    materialise(view, turned);
    turning = turned;
    std::swap(height, width);
    if (turn < 3) {
      EXPECT_NE(turning, picture_);
    }
  }
  EXPECT_EQ(turning, picture_);
}

TEST_F(TurnWithoutMoving, HalfSizeTakesEverySecondPixel) {
  const auto view = half_size(picture_, kHeight, kWidth);
  ASSERT_EQ(to_string(view.shape()), to_string(Axes{2, 3}));
  EXPECT_EQ(view({0, 2}), 4);
  EXPECT_EQ(view({1, 0}), 10);
  EXPECT_EQ(view({1, 1}), 12);
}

TEST_F(TurnWithoutMoving, NothingIsCopied) {
  EXPECT_EQ(&mirrored(picture_, kHeight, kWidth)({0, 4}), picture_.data());
}

}  // namespace
