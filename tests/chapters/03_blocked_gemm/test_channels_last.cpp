#include "chapters/03_blocked_gemm/channels_last.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace {

using namespace cnn;

TEST(ChannelsLast, PixelsBeginAtVectors) {
  const std::vector<std::pair<std::int64_t, std::int64_t>> channels_and_pixels{
      {1, 1},  {2, 2},   {3, 3},   {4, 4},   {5, 8},   {8, 8},
      {9, 16}, {16, 16}, {17, 32}, {40, 48}, {60, 64}, {64, 64}};
  for (const auto& [channels, pixel] : channels_and_pixels) {
    const ChannelsLast layout = channels_last({2, channels, 3, 5});
    EXPECT_EQ(layout, (ChannelsLast{2, 3, 5, channels, pixel}));
    EXPECT_EQ(layout.size(), 2 * 3 * 5 * pixel);
  }
}

void expect_every_element_in_place(const Shape& shape) {
  const ChannelsLast layout = channels_last(shape);
  std::vector<float> nchw(static_cast<std::size_t>(shape.size()));
  std::iota(nchw.begin(), nchw.end(), 1.0F);
  std::vector<float> last(static_cast<std::size_t>(layout.size()), NAN);
  to_channels_last(layout, nchw, last, 2);
  std::size_t i = 0;
  for (std::int64_t n = 0; n < shape.batch; ++n)
    for (std::int64_t c = 0; c < shape.channels; ++c)
      for (std::int64_t y = 0; y < shape.height; ++y)
        for (std::int64_t x = 0; x < shape.width; ++x) {
          const auto at =
              ((n * shape.height + y) * shape.width + x) * layout.pixel + c;
          EXPECT_EQ(last[static_cast<std::size_t>(at)], nchw[i++]);
        }
  for (std::size_t at = 0; at < last.size(); ++at) {
    const auto c = static_cast<std::int64_t>(at) % layout.pixel;
    EXPECT_EQ(c >= shape.channels, last[at] == 0.0F) << "at " << at;
  }
}

TEST(ChannelsLast, PutsEveryElementWhereTheFormulaSays) {
  // Channels and pixels below four, multiples of it, and neither.
  for (const std::int64_t channels : {1, 3, 4, 5, 8, 18, 60}) {
    for (const std::int64_t width : {1, 3, 4, 7, 8}) {
      for (const std::int64_t height : {1, 3}) {
        const Shape shape{2, channels, height, width};
        SCOPED_TRACE(to_string(shape));
        expect_every_element_in_place(shape);
      }
    }
  }
}

TEST(ChannelsLast, ThereAndBackIsTheSame) {
  for (const std::int64_t channels : {1, 3, 4, 7, 8, 13, 16, 40}) {
    const Shape shape{3, channels, 5, 2};
    const ChannelsLast layout = channels_last(shape);
    std::vector<float> nchw(static_cast<std::size_t>(shape.size()));
    std::iota(nchw.begin(), nchw.end(), 1.0F);
    std::vector<float> last(static_cast<std::size_t>(layout.size()), NAN);
    std::vector<float> back(nchw.size(), NAN);
    to_channels_last(layout, nchw, last);
    from_channels_last(layout, last, back, 3);
    EXPECT_EQ(back, nchw) << channels << " channels";
  }
}

TEST(ChannelsLast, RefusesOtherSizes) {
  const ChannelsLast layout = channels_last({2, 5, 3, 4});
  std::vector<float> nchw(120);
  std::vector<float> last(192);
  EXPECT_NO_THROW(to_channels_last(layout, nchw, last));
  EXPECT_THROW(to_channels_last(layout, std::span(nchw).first(119), last),
               std::invalid_argument);
  EXPECT_THROW(to_channels_last(layout, nchw, std::span(last).first(120)),
               std::invalid_argument);
  EXPECT_THROW(from_channels_last(layout, std::span(last).first(191), nchw),
               std::invalid_argument);
  EXPECT_THROW(from_channels_last(layout, last, std::span(nchw).first(1)),
               std::invalid_argument);
}

}  // namespace
