#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "chapters/01_naive_convolution/filters.hpp"

namespace {

using namespace cnn;

constexpr std::int64_t kIdentity = 0;
constexpr std::int64_t kBlur = 1;
constexpr std::int64_t kSharpen = 2;
constexpr std::int64_t kHorizontal = 3;
constexpr std::int64_t kVertical = 4;

/// One grey picture, its left half black and its right half white.
Dataset half_white() {
  Dataset dataset;
  dataset.count = 1;
  dataset.channels = 1;
  dataset.height = 6;
  dataset.width = 8;
  dataset.labels = {0};
  dataset.class_names = {"edge"};
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 8; ++x)
      dataset.pixels.push_back(static_cast<std::uint8_t>(x < 4 ? 0 : 255));
  return dataset;
}

class Filters : public testing::Test {
 protected:
  const std::array<std::int64_t, 1> first_{0};
  const Tensor responses_ = filter_pictures(half_white(), first_);
};

TEST_F(Filters, KeepTheSizeAndMakeAChannelEach) {
  EXPECT_EQ(
      responses_.shape(),
      (Shape{1, static_cast<std::int64_t>(picture_filters().size()), 6, 8}));
}

TEST_F(Filters, IdentityIsThePicture) {
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 8; ++x)
      EXPECT_EQ(responses_(0, kIdentity, y, x), x < 4 ? 0.0F : 1.0F);
}

TEST_F(Filters, BlurSpreadsTheEdge) {
  EXPECT_NEAR(responses_(0, kBlur, 2, 2), 0, 1e-6);
  EXPECT_NEAR(responses_(0, kBlur, 2, 3), 1.0 / 3, 1e-6);
  EXPECT_NEAR(responses_(0, kBlur, 2, 4), 2.0 / 3, 1e-6);
  EXPECT_NEAR(responses_(0, kBlur, 2, 6), 1, 1e-6);
}

TEST_F(Filters, SharpenOvershootsAtTheEdgeOnly) {
  EXPECT_EQ(responses_(0, kSharpen, 2, 3), -1);
  EXPECT_EQ(responses_(0, kSharpen, 2, 4), 2);
  EXPECT_EQ(responses_(0, kSharpen, 2, 6), 1);
}

TEST_F(Filters, EdgeDetectorsSeeTheirOwnDirectionOnly) {
  EXPECT_EQ(responses_(0, kVertical, 2, 3), 1);
  EXPECT_EQ(responses_(0, kVertical, 2, 1), 0);
  for (int x = 0; x < 7; ++x) EXPECT_EQ(responses_(0, kHorizontal, 2, x), 0);
}

TEST_F(Filters, ContactSheetScalesAndClips) {
  const Picture sheet = contact_sheet(responses_, 2);
  EXPECT_EQ(sheet.channels, 1);
  EXPECT_EQ(sheet.width, 1 * (16 + 4) + 4);
  EXPECT_EQ(sheet.height, 5 * (12 + 4) + 4);
  const auto pixel = [&](std::int64_t y, std::int64_t x) {
    return sheet.pixels[static_cast<std::size_t>(y * sheet.width + x)];
  };
  EXPECT_EQ(pixel(4, 4), 0);         // identity, top left: black
  EXPECT_EQ(pixel(4, 4 + 15), 255);  // identity, top right: white
  // Third row of pictures, sharpened: 2 is white, -1 is black.
  EXPECT_EQ(pixel(4 + 2 * 16 + 4, 4 + 2 * 4), 255);
  EXPECT_EQ(pixel(4 + 2 * 16 + 4, 4 + 2 * 3), 0);
  EXPECT_EQ(pixel(0, 0), 40);  // the gap
}

}  // namespace
