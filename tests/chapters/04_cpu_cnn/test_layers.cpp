// Layers as they are written down: shapes, names, sizes, how they begin, and
// what is said when they do not fit.
#include <gtest/gtest.h>

#include <cmath>

#include "chapters/04_cpu_cnn/initialise.hpp"
#include "chapters/04_cpu_cnn/network.hpp"
#include "common/errors.hpp"
#include "tests/chapters/04_cpu_cnn/small_networks.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

std::string complaint(const Sequential& model, const Shape& input) {
  try {
    output_shapes(model, input);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST(Layers, ShapesFollowFromTheInput) {
  const auto shapes = output_shapes(every_layer(), kSmallInput);
  EXPECT_EQ(shapes[0], (Shape{6, 9, 13, 11}));
  EXPECT_EQ(shapes[3], (Shape{6, 9, 6, 5}));
  EXPECT_EQ(shapes[5], (Shape{6, 17, 4, 4}));
  EXPECT_EQ(shapes[7], (Shape{6, 17, 2, 2}));
  EXPECT_EQ(shapes[8], (Shape{6, 68, 1, 1}));
  EXPECT_EQ(shapes.back(), (Shape{6, 5, 1, 1}));
}

TEST(Layers, MisfitsAreNamedWithTheirNumberAndBothShapes) {
  EXPECT_EQ(complaint({{relu(), dense(10)}}, {4, 64, 5, 5}),
            "layer 1: Dense(64 -> 10) takes features (1600x1x1), but its input "
            "is 64x5x5: flatten() is missing");
  EXPECT_EQ(complaint({{max_pool2d(3)}}, {4, 8, 2, 5}),
            "layer 0: MaxPool2d(3x3) does not fit its input 8x2x5: pooling: a "
            "window of 3x3 does not fit into 2x5");
  const std::string wide = complaint({{conv2d(8, 7)}}, {4, 1, 5, 5});
  EXPECT_NE(wide.find("layer 0: Conv2d(1 -> 8, kernel 7x7)"), std::string::npos)
      << wide;
  EXPECT_NE(wide.find("1x5x5"), std::string::npos) << wide;
  EXPECT_NE(complaint({{batch_norm1d()}}, {4, 2, 3, 3}).find("flatten()"),
            std::string::npos);
  EXPECT_THROW(dropout(1), InputError);
  EXPECT_THROW(dropout(std::nanf("")), InputError);
}

TEST(Layers, SummaryCountsParametersAndMultiplyAdds) {
  const auto lines =
      summarise({{conv2d(32, 3), relu(), max_pool2d(2), conv2d(64, 3), relu(),
                  max_pool2d(2), flatten(), dense(128), relu(), dense(10)}},
                {64, 1, 28, 28});
  EXPECT_EQ(lines[0].description, "Conv2d(1 -> 32, kernel 3x3)");
  EXPECT_EQ(lines[0].output, (Shape{1, 32, 26, 26}));
  EXPECT_EQ(lines[0].parameters, 320);
  EXPECT_EQ(lines[0].multiply_adds, 32 * 26 * 26 * 9);
  EXPECT_EQ(lines[3].parameters, 64 * 32 * 9 + 64);
  EXPECT_EQ(lines[7].parameters, 1600 * 128 + 128);
  EXPECT_EQ(lines[7].multiply_adds, 1600 * 128);
}

/// Mean and mean square of 100,000 initial values.
std::pair<double, double> moments(Initialiser initialiser) {
  const Parameter parameter{"weight", {100'000}, initialiser, 50, 20};
  std::vector<float> values(100'000);
  initialise(parameter, Random(1), values);
  double sum = 0;
  double squares = 0;
  for (const float value : values) {
    sum += value;
    squares += double{value} * value;
  }
  return {sum / 1e5, squares / 1e5};
}

TEST(Initialisers, HaveTheirMeanAndVariance) {
  using Kind = Initialiser::Kind;
  // A uniform number in +-a has variance a^2 / 3.
  const std::vector<std::pair<Initialiser, double>> cases{
      {{Kind::kNormal, 0.5F}, 0.25},      {{Kind::kHeNormal}, 2.0 / 50},
      {{Kind::kHeUniform}, 2.0 / 50},     {{Kind::kXavierNormal}, 2.0 / 70},
      {{Kind::kXavierUniform}, 2.0 / 70}, {{Kind::kFanInUniform}, 1.0 / 150}};
  for (const auto& [initialiser, variance] : cases) {
    const auto [mean, square] = moments(initialiser);
    // Five deviations of what 100,000 numbers give by chance.
    EXPECT_NEAR(mean, 0, 5 * std::sqrt(variance / 1e5));
    EXPECT_NEAR(square, variance, 5 * variance * std::sqrt(2 / 1e5));
  }
  EXPECT_EQ(moments({Kind::kConstant, 0.25F}).first, 0.25);
}

TEST(Initialisers, OfBiasesAndOfBatchNormalisation) {
  const Shape input{2, 4, 5, 5};
  EXPECT_EQ(conv2d(3, 3)->parameters(input)[1].initialiser.kind,
            Initialiser::Kind::kConstant);
  const auto bias = conv2d(3, 3, 1, 0, {Initialiser::Kind::kFanInUniform})
                        ->parameters(input)[1];
  EXPECT_EQ(bias.initialiser.kind, Initialiser::Kind::kFanInUniform);
  EXPECT_EQ(bias.fan_in, 36);
  EXPECT_EQ(batch_norm2d()->parameters(input)[0].initialiser.value, 1);
  EXPECT_EQ(batch_norm2d()->buffers(input)[1].initialiser.value, 1);
}

}  // namespace
