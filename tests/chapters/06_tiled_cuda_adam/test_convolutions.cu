// The convolutions of chapter 6, in both worlds, against float64.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "chapters/06_tiled_cuda_adam/fast_divisor.hpp"
#include "common/cuda/launch.cuh"
#include "tests/chapters/01_naive_convolution/geometries.hpp"
#include "tests/chapters/06_tiled_cuda_adam/convolution_case.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
namespace {

using test::ConvolutionCase;
using test::random_geometries;

constexpr std::array kPasses{ConvolutionPass::kForward,
                             ConvolutionPass::kInputGradient,
                             ConvolutionPass::kFilterGradient};

/// A GPU of two multiprocessors: sums in parts, and no more of them than the
/// emulator can do in a moment.
constexpr int kMultiprocessors = 2;

class Convolutions : public OnDevice {
 protected:
  static void expect_right(const ConvolutionGeometry& geometry,
                           ConvolutionPass pass, const ConvolutionPlan& plan,
                           bool with_bias = false, bool relu = false) {
    ConvolutionCase run(geometry, 7);
    const std::vector<float> actual = run.run(pass, plan, with_bias, relu);
    const Comparison outcome = run.check(pass, plan, actual, with_bias, relu);
    EXPECT_TRUE(outcome.passed())
        << to_string(geometry) << ", " << to_string(pass) << ", "
        << to_string(plan, pass) << ": " << describe(outcome);
    EXPECT_TRUE(run.clean_behind()) << to_string(plan, pass);
    if (pass != ConvolutionPass::kFilterGradient) return;
    const Comparison of_bias = run.check_bias();
    EXPECT_TRUE(of_bias.passed())
        << to_string(geometry) << ", " << to_string(plan, pass)
        << ", bias: " << describe(of_bias);
  }
};

TEST_F(Convolutions, ChosenPlansOfAnyGeometry) {
  for (const ConvolutionGeometry& geometry : random_geometries(12, 31)) {
    for (const ConvolutionPass pass : kPasses) {
      expect_right(geometry, pass,
                   choose_plan(geometry, pass, kMultiprocessors));
    }
  }
}

/// Shapes that fill no tile, reach over the edges of images and of the batch,
/// and need more than one tile in both directions.
constexpr std::array kSquareGeometries{
    ConvolutionGeometry{3, 5, 11, 7, 67, 3, 3, 1, 1},
    ConvolutionGeometry{2, 34, 9, 13, 3, 3, 3, 1, 0},
    ConvolutionGeometry{5, 3, 12, 6, 6, 3, 3, 1, 2},
    ConvolutionGeometry{2, 4, 13, 9, 9, 3, 3, 2, 1},
    ConvolutionGeometry{3, 1, 14, 11, 10, 3, 3, 1, 0},
    ConvolutionGeometry{2, 1, 7, 9, 5, 3, 3, 2, 1}};

TEST_F(Convolutions, EveryPlanOfThreeByThree) {
  for (const ConvolutionGeometry& geometry : kSquareGeometries) {
    for (const ConvolutionPass pass : kPasses) {
      for (const ConvolutionPlan& plan :
           possible_plans(geometry, pass, kMultiprocessors)) {
        expect_right(geometry, pass, plan);
      }
    }
  }
}

TEST_F(Convolutions, BiasAndReluAtTheEnd) {
  for (const ConvolutionGeometry& geometry :
       {kSquareGeometries[0], kSquareGeometries[4],
        ConvolutionGeometry{2, 3, 8, 9, 5, 2, 5, 1, 1}}) {
    for (const ConvolutionPlan& plan : possible_plans(
             geometry, ConvolutionPass::kForward, kMultiprocessors)) {
      expect_right(geometry, ConvolutionPass::kForward, plan, true, false);
      expect_right(geometry, ConvolutionPass::kForward, plan, true, true);
      expect_right(geometry, ConvolutionPass::kForward, plan, false, true);
    }
  }
}

TEST_F(Convolutions, TheSameBitsEveryTime) {
  for (const ConvolutionPass pass : kPasses) {
    for (const ConvolutionPlan& plan :
         possible_plans(kSquareGeometries[0], pass, kMultiprocessors)) {
      ConvolutionCase run(kSquareGeometries[0], 3);
      EXPECT_EQ(run.run(pass, plan), run.run(pass, plan))
          << to_string(plan, pass);
    }
  }
}

/// Filter gradients in parts of which the last is short, or the only one.
TEST_F(Convolutions, SumsInAnyNumberOfParts) {
  const ConvolutionGeometry& geometry = kSquareGeometries[0];  // 231 pixels
  for (const int splits : {1, 2, 5, 28, 29}) {
    for (const FilterTile tile : {FilterTile::kAny, FilterTile::k64x96}) {
      expect_right(geometry, ConvolutionPass::kFilterGradient,
                   {.filter_tile = tile, .splits = splits});
    }
    expect_right(geometry, ConvolutionPass::kFilterGradient,
                 {.method = ConvolutionAlgorithm::kWinograd, .splits = splits});
  }
}

/// The batch does not divide by the number of images at a time.
TEST_F(Convolutions, WinogradWithAShortLastChunk) {
  const ConvolutionGeometry geometry{5, 3, 6, 9, 4, 3, 3, 1, 1};
  for (const int images : {1, 2, 3, 4, 5}) {
    for (const ConvolutionPass pass :
         {ConvolutionPass::kForward, ConvolutionPass::kInputGradient}) {
      expect_right(
          geometry, pass,
          {.method = ConvolutionAlgorithm::kWinograd, .images = images});
    }
  }
}

/// One NaN in the input makes NaN of the outputs whose windows hold it, and of
/// no others; ReLU does not hide it.
TEST_F(Convolutions, NanStaysInItsWindows) {
  ConvolutionGeometry geometry{2, 2, 9, 8, 3, 3, 3, 1, 1};
  ConvolutionCase run(geometry, 5);
  run.poison_input(0, 1, 4, 5);
  for (const WindowTile tile : {WindowTile::kAny, WindowTile::k64x64}) {
    const std::vector<float> output =
        run.run(ConvolutionPass::kForward, {.window_tile = tile}, true, true);
    const Shape shape = geometry.output_shape();
    for (std::int64_t i = 0; i < shape.size(); ++i) {
      const std::int64_t x = i % shape.width;
      const std::int64_t y = i / shape.width % shape.height;
      const bool hit =
          i < shape.size() / 2 && std::abs(y - 4) <= 1 && std::abs(x - 5) <= 1;
      EXPECT_EQ(std::isnan(output[static_cast<std::size_t>(i)]), hit) << i;
    }
  }
}

__global__ void divide(const int* numbers, FastDivisor divisor, int* quotients,
                       int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) quotients[i] = divisor.quotient(numbers[i]);
}

TEST_F(Convolutions, DivisionByMultiplicationIsExact) {
  constexpr int kMost = std::numeric_limits<int>::max();
  std::vector<int> divisors{1,     2,         3,         5,    7,     9,
                            121,   625,       641,       6272, 65535, 65536,
                            65537, kMost / 2, kMost - 1, kMost};
  const Stream stream;
  for (const int divisor : divisors) {
    std::vector<int> numbers{0, 1, kMost - 1, kMost};
    for (std::int64_t k = 1; k <= kMost / divisor && k < 1000; ++k) {
      const auto multiple = static_cast<int>(k * divisor);
      numbers.insert(numbers.end(), {multiple - 1, multiple});
      const auto large =
          static_cast<int>((kMost / divisor - k + 1) * std::int64_t{divisor});
      numbers.insert(numbers.end(), {large - 1, large});
    }
    const auto count = static_cast<int>(numbers.size());
    const auto device = on_device(numbers);
    DeviceBuffer<int> quotients(numbers.size());
    launch(divide, {dim3(static_cast<unsigned>(count / 128 + 1)), dim3(128)},
           stream, device.data(), FastDivisor(divisor), quotients.data(),
           count);
    const std::vector<int> actual = on_host(quotients, stream);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      ASSERT_EQ(actual[i], numbers[i] / divisor) << numbers[i] << divisor;
    }
  }
}

}  // namespace
}  // namespace cnn
