#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "common/errors.hpp"

namespace {

using cnn::ConvolutionGeometry;
using cnn::Shape;

// The second convolution of the network that the ladder is measured on.
constexpr ConvolutionGeometry kLadder{64, 32, 13, 13, 64, 3, 3, 1, 0};

TEST(Geometry, OutputSizeCountsKernelPositions) {
  // (input, kernel, stride, padding) -> positions, counted on paper.
  const std::vector<std::array<std::int64_t, 5>> cases{
      {13, 3, 1, 0, 11}, {28, 3, 1, 1, 28}, {7, 3, 2, 0, 3}, {8, 3, 2, 0, 3},
      {5, 5, 1, 0, 1},   {5, 1, 3, 0, 2},   {6, 4, 3, 1, 2}, {1, 7, 2, 3, 1}};
  for (const auto& [input, kernel, stride, padding, expected] : cases) {
    const ConvolutionGeometry geometry{.input_height = input,
                                       .input_width = 9,
                                       .kernel_height = kernel,
                                       .kernel_width = 1,
                                       .stride = stride,
                                       .padding = padding};
    EXPECT_EQ(geometry.output_height(), expected) << to_string(geometry);
    ConvolutionGeometry turned = geometry;
    std::swap(turned.input_height, turned.input_width);
    std::swap(turned.kernel_height, turned.kernel_width);
    EXPECT_EQ(turned.output_width(), expected) << to_string(turned);
  }
}

TEST(Geometry, Shapes) {
  EXPECT_EQ(kLadder.input_shape(), (Shape{64, 32, 13, 13}));
  EXPECT_EQ(kLadder.filter_shape(), (Shape{64, 32, 3, 3}));
  EXPECT_EQ(kLadder.output_shape(), (Shape{64, 64, 11, 11}));
  EXPECT_EQ(kLadder.terms(), 288);
}

TEST(Geometry, OffsetIsRowMajor) {
  const Shape shape{2, 3, 4, 5};
  std::size_t expected = 0;
  for (std::int64_t n = 0; n < 2; ++n)
    for (std::int64_t c = 0; c < 3; ++c)
      for (std::int64_t y = 0; y < 4; ++y)
        for (std::int64_t x = 0; x < 5; ++x)
          EXPECT_EQ(offset(shape, n, c, y, x), expected++);
}

TEST(Geometry, WorkOfTheLadder) {
  const cnn::Work work = convolution_work(kLadder);
  EXPECT_EQ(work.flop, 2.0 * 64 * 64 * 11 * 11 * 288);
  EXPECT_EQ(work.bytes,
            4.0 * (64 * 32 * 13 * 13 + 64 * 288 + 64 * 64 * 11 * 11));
}

TEST(Geometry, Label) {
  EXPECT_EQ(to_string(kLadder),
            "batch 64, 32x13x13 to 64x11x11, kernel 3x3, stride 1, padding 0");
}

TEST(Geometry, ImpossibleOnesAreRefusedInASentence) {
  const auto refusal =
      [](const std::function<void(ConvolutionGeometry&)>& spoil)
      -> std::string {
    ConvolutionGeometry geometry = kLadder;
    spoil(geometry);
    try {
      geometry.validate();
    } catch (const cnn::InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  using Geometry = ConvolutionGeometry;
  EXPECT_EQ(refusal([](Geometry&) {}), "accepted");
  EXPECT_NE(refusal([](Geometry& g) { g.stride = 0; }).find("stride of 0"),
            std::string::npos);
  EXPECT_NE(refusal([](Geometry& g) { g.batch = -3; }).find("of -3"),
            std::string::npos);
  EXPECT_NE(refusal([](Geometry& g) { g.padding = -1; }).find("padding -1"),
            std::string::npos);
  EXPECT_NE(refusal([](Geometry& g) {
              g.kernel_height = 14;
            }).find("kernel is 14x3, the padded input only 13x13"),
            std::string::npos);
  EXPECT_NE(refusal([](Geometry& g) {
              g.kernel_width = 16, g.padding = 1;
            }).find("padded input only 15x15"),
            std::string::npos);
}

}  // namespace
