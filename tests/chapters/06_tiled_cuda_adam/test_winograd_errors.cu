// How much less exact Winograd's convolution is than a sum of products, place
// by place in its tiles, and that a pencil can predict it.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "tests/chapters/06_tiled_cuda_adam/convolution_case.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
namespace {

using test::ConvolutionCase;
using Errors = std::array<std::array<double, 4>, 4>;

class WinogradErrors : public OnDevice {};

constexpr ConvolutionGeometry kSizes{2, 128, 16, 16, 32, 3, 3, 1, 1};

/// Root mean squares of the errors of all outputs at each place of a tile.
Errors errors_of(const ConvolutionPlan& plan) {
  const RandomProblem problem(kSizes, 7);
  const std::vector<double> exact =
      reference_forward(kSizes, problem.input.values(), problem.filter.values())
          .value;
  const std::vector<float> actual =
      ConvolutionCase(kSizes, 7).run(ConvolutionPass::kForward, plan);
  Errors sums{};
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const double error = actual[i] - exact[i];
    sums[i / 16 % 4][i % 4] += error * error;
  }
  for (auto& row : sums) {
    for (double& sum : row) {
      sum = std::sqrt(sum * 16 / static_cast<double>(exact.size()));
    }
  }
  return sums;
}

/// For many channels, and numbers with a mean of 0. Rounding errors of a sum of
/// k equal terms grow like k times their size. Direct sums have nine terms for
/// each channel. Winograd's have one, as large as the transforms make it, and
/// go back with the coefficients of A^T; squares add up.
Errors predicted() {
  constexpr std::array kInput{42.0, 34.0, 34.0, 10.0, 10.0, 42.0};
  constexpr std::array kFilter{1 / 16.0,   3 / 36.0,   3 / 36.0,
                               21 / 576.0, 21 / 576.0, 1.0};
  constexpr std::array<std::array<double, 6>, 4> kOutput{{{1, 1, 1, 1, 1, 0},
                                                          {0, 1, 1, 2, 2, 0},
                                                          {0, 1, 1, 4, 4, 0},
                                                          {0, 1, 1, 8, 8, 1}}};
  std::array<double, 4> squares{};
  for (std::size_t y = 0; y < 4; ++y) {
    for (std::size_t i = 0; i < 6; ++i) {
      squares[y] += kOutput[y][i] * kOutput[y][i] * kInput[i] * kFilter[i];
    }
  }
  Errors errors{};
  for (std::size_t y = 0; y < 4; ++y) {
    for (std::size_t x = 0; x < 4; ++x) {
      errors[y][x] = std::sqrt(squares[y] * squares[x]) / 9;
    }
  }
  return errors;
}

TEST_F(WinogradErrors, DependOnThePlaceAsPredicted) {
  const Errors direct = errors_of({.window_tile = WindowTile::k64x64});
  const Errors winograd =
      errors_of({.method = ConvolutionAlgorithm::kWinograd, .images = 2});
  double mean = 0;  // direct sums know of no tiles
  for (const auto& row : direct) {
    for (const double error : row) mean += error * error / 16;
  }
  mean = std::sqrt(mean);
  const Errors expected = predicted();
  std::printf(
      "Winograd's errors over those of direct sums, by place\n"
      "predicted                       found\n");
  for (std::size_t y = 0; y < 4; ++y) {
    for (const double each : expected[y]) std::printf("%6.2f", each);
    std::printf("        ");
    for (std::size_t x = 0; x < 4; ++x) {
      const double found = winograd[y][x] / mean;
      std::printf("%6.2f", found);
      EXPECT_GT(found, 0.85 * expected[y][x]);
      EXPECT_LT(found, 1.35 * expected[y][x]);
    }
    std::printf("\n");
  }
}

/// One NaN in the source spoils all tiles that read it, as a whole: that is
/// what is different from a sum of products.
TEST_F(WinogradErrors, NanSpoilsWholeTiles) {
  const ConvolutionGeometry geometry{1, 1, 16, 16, 1, 3, 3, 1, 1};
  ConvolutionCase run(geometry, 5);
  run.poison_input(0, 0, 5, 5);  // inside of the second tile only
  const std::vector<float> output =
      run.run(ConvolutionPass::kForward,
              {.method = ConvolutionAlgorithm::kWinograd, .images = 1});
  for (std::size_t i = 0; i < output.size(); ++i) {
    const bool hit = i / 64 == 1 && i % 16 / 4 == 1;
    EXPECT_EQ(std::isnan(output[i]), hit) << i;
  }
}

}  // namespace
}  // namespace cnn
