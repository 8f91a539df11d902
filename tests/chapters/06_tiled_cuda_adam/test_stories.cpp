// What the program says about accuracy and memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

#include "chapters/06_tiled_cuda_adam/mean_of_seeds.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_device.hpp"
#include "chapters/06_tiled_cuda_adam/workbench.hpp"

namespace {

using namespace cnn;

TEST(MeanOfSeeds, IsStudents) {
  // The spread of 1 ... 5 is sqrt(2.5); t for 4 degrees of freedom is 2.776.
  const MeanOfSeeds five = mean_of_seeds(std::vector<double>{5, 1, 4, 2, 3});
  EXPECT_DOUBLE_EQ(five.mean, 3);
  EXPECT_NEAR(five.interval, 2.776 * std::sqrt(2.5 / 5), 1e-12);
  const MeanOfSeeds two = mean_of_seeds(std::vector<double>{0, 2});
  EXPECT_DOUBLE_EQ(two.mean, 1);
  EXPECT_NEAR(two.interval, 12.706, 1e-12);
  EXPECT_EQ(mean_of_seeds(std::vector<double>(31, 0.25)).interval, 0);
}

TEST(MeanOfSeeds, KnowsNothingOfTheSpreadOfOne) {
  EXPECT_EQ(mean_of_seeds(std::vector<double>{3}).mean, 3);
  EXPECT_TRUE(std::isnan(mean_of_seeds(std::vector<double>{3}).interval));
}

TEST(MeanOfSeeds, NeedsOneAndKnowsThirtyOne) {
  EXPECT_THROW(mean_of_seeds({}), std::invalid_argument);
  EXPECT_THROW(mean_of_seeds(std::vector<double>(32)), std::invalid_argument);
}

TEST(Workbench, CountsTheDevicesMemory) {
  for (const Device device : usable_devices()) {
    const Workbench bench = make_workbench(device);
    const auto backend = make_tiled_backend(device);
    const std::int64_t before = bench.used_bytes();
    constexpr std::int64_t kFloats = 16 << 20;
    backend->allocate(kFloats);
    EXPECT_GE(bench.used_bytes() - before, 4 * kFloats) << to_string(device);
    EXPECT_LE(bench.used_bytes() - before, 5 * kFloats) << to_string(device);
  }
}

TEST(Workbench, KnowsEveryWayToAConvolution) {
  const auto problem = std::make_shared<const RandomProblem>(
      ConvolutionGeometry{2, 1, 7, 8, 5, 3, 3, 1, 1}, 1);
  for (const Device device : usable_devices()) {
    const auto trials = make_workbench(device).all_convolutions(
        problem, ConvolutionPass::kForward);
    for (const char* way : {"first-layer", "tiles", "winograd"}) {
      const auto is_it = [&](const NamedTrial& t) { return t.id == way; };
      EXPECT_TRUE(std::ranges::any_of(trials, is_it)) << way;
    }
  }
}

}  // namespace
