// Every way to the gradient of report 000's network against float64: the
// network of layers, one pass on the CPU, one pass by kernels.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "chapters/07_four_reports/bounded_gradient.hpp"
#include "chapters/07_four_reports/full_batch.hpp"
#include "chapters/07_four_reports/one_pass.hpp"
#include "chapters/07_four_reports/one_pass_device.hpp"
#include "chapters/07_four_reports/report_000.hpp"
#include "chapters/07_four_reports/train_one_pass.hpp"
#include "chapters/07_four_reports/two_layers.hpp"
#include "common/data/split.hpp"
#include "common/error_bound.hpp"
#include "common/errors.hpp"
#include "tests/chapters/07_four_reports/scribbles.hpp"

namespace cnn {
namespace {

/// A way to the gradient and the loss.
struct Way {
  std::string name;
  FullBatchGradient (*find)(const Dataset&, std::span<const float> layers);
};

FullBatchGradient by_layers(const Dataset& pictures,
                            std::span<const float> layers) {
  return full_batch_gradient(pictures, layers, Place("cpu", 2));
}

FullBatchGradient by_one_pass(const Dataset& pictures,
                              std::span<const float> layers) {
  OnePass one_pass(pictures, 2);
  std::vector<float> gradient(TwoLayers::kNumbers);
  const Score score = one_pass.run(layers, gradient);
  return {gradient, score.loss};
}

template <Device kDevice, int kBlocks>
FullBatchGradient by_kernels(const Dataset& pictures,
                             std::span<const float> layers) {
  const auto one_pass = make_one_pass(kDevice, pictures, kBlocks);
  one_pass->upload(layers);
  one_pass->descend(0.1F, 1);
  return {one_pass->gradient(), one_pass->scores().at(0).loss};
}

std::vector<Way> ways() {
  std::vector<Way> all{{"layers", by_layers}, {"one pass", by_one_pass}};
  for (const Device device : usable_devices()) {
    const bool gpu = device == Device::kGpu;
    all.push_back({to_string(device), gpu ? by_kernels<Device::kGpu, 0>
                                          : by_kernels<Device::kEmulator, 0>});
    all.push_back(
        {to_string(device) + ", 3 blocks",
         gpu ? by_kernels<Device::kGpu, 3> : by_kernels<Device::kEmulator, 3>});
  }
  return all;
}

TEST(OnePassGradient, IsThatOfFloat64ForAnyNumberOfPictures) {
  for (const std::int64_t count : {1, 7, 33, 64, 65, 256, 257, 1001}) {
    const Dataset pictures = scribbles(count);
    const std::vector<float> layers = some_layers();
    const BoundedGradient expected = bounded_gradient(pictures, layers);
    for (const Way& way : ways()) {
      const auto [gradient, loss] = way.find(pictures, layers);
      const Comparison outcome = compare(gradient, loss, expected);
      EXPECT_TRUE(outcome.passed())
          << way.name << ", " << count << ": " << describe(outcome);
    }
  }
}

TEST(OnePassGradient, IsThatOfFloat64ForFewerClasses) {
  const Dataset pictures = scribbles(70, 3);
  const std::vector<float> layers = some_layers(3);
  const BoundedGradient expected = bounded_gradient(pictures, layers);
  for (const Way& way : ways()) {
    const auto [gradient, loss] = way.find(pictures, layers);
    const Comparison outcome = compare(gradient, loss, expected);
    EXPECT_TRUE(outcome.passed()) << way.name << ": " << describe(outcome);
  }
}

// Finite differences of the loss alone, so that the reference is not believed
// just because it says so.
TEST(BoundedGradientTest, IsHowTheLossChanges) {
  const Dataset pictures = scribbles(5);
  const std::vector<float> layers = some_layers();
  const BoundedGradient gradient = bounded_gradient(pictures, layers);
  constexpr float kStep = 0x1p-9F;  // exact to add here
  int tried = 0;
  for (std::size_t i = 3; i < layers.size(); i += i < 7800 ? 523 : 7) {
    std::vector<float> up = layers;
    std::vector<float> down = layers;
    up[i] += kStep;
    down[i] -= kStep;
    const double slope = (bounded_gradient(pictures, up).loss -
                          bounded_gradient(pictures, down).loss) /
                         (double{up[i]} - double{down[i]});
    // The error of a central difference is of second order in the step.
    EXPECT_NEAR(gradient.value[i], slope, 16.0 * kStep * kStep) << i;
    ++tried;
  }
  EXPECT_GT(tried, 20);
}

/// Where a mistake leaves the gradient.
using Mistake = FullBatchGradient (*)(const Dataset&, std::span<const float>);

FullBatchGradient exact(const Dataset& pictures,
                        std::span<const float> layers) {
  const BoundedGradient right = bounded_gradient(pictures, layers);
  return {{right.value.begin(), right.value.end()}, right.loss};
}

FullBatchGradient scaled(FullBatchGradient found, double factor) {
  for (float& number : found.gradient) {
    number = static_cast<float>(number * factor);
  }
  found.loss *= factor;
  return found;
}

FullBatchGradient without_last(const Dataset& pictures,
                               std::span<const float> layers) {
  std::vector<std::int64_t> kept;
  for (std::int64_t n = 0; n + 1 < pictures.count; ++n) kept.push_back(n);
  const auto count = static_cast<double>(pictures.count);
  return scaled(exact(select(pictures, kept), layers), (count - 1) / count);
}

FullBatchGradient divided_by_one_more(const Dataset& pictures,
                                      std::span<const float> layers) {
  const auto count = static_cast<double>(pictures.count);
  return scaled(exact(pictures, layers), count / (count + 1));
}

/// The second tile's 64 pictures count twice.
FullBatchGradient part_added_twice(const Dataset& pictures,
                                   std::span<const float> layers) {
  std::vector<std::int64_t> counted;
  for (std::int64_t n = 0; n < pictures.count; ++n) counted.push_back(n);
  for (std::int64_t n = 64; n < pictures.count; ++n) counted.push_back(n);
  return scaled(exact(select(pictures, counted), layers),
                static_cast<double>(counted.size()) /
                    static_cast<double>(pictures.count));
}

/// The last picture's copies, which fill the tile, have slopes of their own.
FullBatchGradient tail_not_silent(const Dataset& pictures,
                                  std::span<const float> layers) {
  std::vector<std::int64_t> counted;
  for (std::int64_t n = 0; n < pictures.count; ++n) counted.push_back(n);
  while (counted.size() % 64 != 0) counted.push_back(pictures.count - 1);
  return scaled(exact(select(pictures, counted), layers),
                static_cast<double>(counted.size()) /
                    static_cast<double>(pictures.count));
}

/// Of a gradient that forgets where ReLU was silent.
FullBatchGradient hidden_bias_lost(const Dataset& pictures,
                                   std::span<const float> layers) {
  FullBatchGradient found = exact(pictures, layers);
  std::fill(found.gradient.begin() + TwoLayers::kHiddenBias,
            found.gradient.end(), 0.0F);
  return found;
}

TEST(OnePassGradient, MistakesAreCaught) {
  const Dataset pictures = scribbles(97);
  const std::vector<float> layers = some_layers();
  const BoundedGradient expected = bounded_gradient(pictures, layers);
  const auto passes = [&](Mistake mistake) {
    const auto [gradient, loss] = mistake(pictures, layers);
    return compare(gradient, loss, expected).passed();
  };
  EXPECT_TRUE(passes(exact));
  EXPECT_FALSE(passes(without_last));
  EXPECT_FALSE(passes(divided_by_one_more));
  EXPECT_FALSE(passes(part_added_twice));
  EXPECT_FALSE(passes(tail_not_silent));
  EXPECT_FALSE(passes(hidden_bias_lost));
}

std::vector<std::uint32_t> bits_of(std::span<const float> values) {
  std::vector<std::uint32_t> bits;
  for (const float value : values) {
    bits.push_back(std::bit_cast<std::uint32_t>(value));
  }
  return bits;
}

TEST(OnePass, GivesTheSameBitsForAnyNumberOfThreads) {
  const Dataset pictures = scribbles(1001);
  const std::vector<float> layers = some_layers();
  std::vector<float> one(TwoLayers::kNumbers);
  std::vector<float> three(TwoLayers::kNumbers);
  const Score first = OnePass(pictures, 1).run(layers, one);
  OnePass again(pictures, 3);
  again.run(layers, three);  // what a run leaves behind is of no use to anybody
  const Score second = again.run(layers, three);
  EXPECT_EQ(bits_of(one), bits_of(three));
  EXPECT_EQ(first.loss, second.loss);
  EXPECT_EQ(first.accuracy, second.accuracy);
}

TEST(OnePassDevice, GivesTheSameBitsTwiceAndStepByStep) {
  const Dataset pictures = scribbles(201);
  for (const Device device : usable_devices()) {
    const auto once = make_one_pass(device, pictures, 3);
    once->upload(some_layers());
    once->descend(0.1F, 3);
    const auto again = make_one_pass(device, pictures, 3);
    again->upload(some_layers());
    for (std::size_t i = 0; i < 3; ++i) {
      again->descend(0.1F, 1);
      EXPECT_EQ(again->scores().at(0).loss, once->scores().at(i).loss) << i;
    }
    EXPECT_EQ(bits_of(once->layers()), bits_of(again->layers()));
    EXPECT_EQ(bits_of(once->gradient()), bits_of(again->gradient()));
  }
}

TEST(OnePassDevice, GoesDownTheGradient) {
  const Dataset pictures = scribbles(130);
  for (const Device device : usable_devices()) {
    const auto one_pass = make_one_pass(device, pictures);
    const std::vector<float> before = some_layers();
    one_pass->upload(before);
    one_pass->descend(0.25F, 1);
    const std::vector<float> after = one_pass->layers();
    const std::vector<float> gradient = one_pass->gradient();
    for (std::size_t i = 0; i < after.size(); ++i) {
      // A product and a difference, or both in one.
      const double expected = before[i] - 0.25 * gradient[i];
      EXPECT_NEAR(
          after[i], expected,
          gamma_bound(2) * (std::abs(before[i]) + 0.25 * std::abs(gradient[i])))
          << i;
    }
    one_pass->descend(0.25F, 40);
    EXPECT_LT(one_pass->scores().back().loss, one_pass->scores().front().loss);
  }
}

TEST(OnePassDevice, CountsRightAnswers) {
  const Dataset pictures = scribbles(83);
  const std::vector<float> layers = some_layers();
  std::vector<float> gradient(TwoLayers::kNumbers);
  const Score expected = OnePass(pictures, 1).run(layers, gradient);
  EXPECT_GT(expected.accuracy, 0);
  for (const Device device : usable_devices()) {
    const auto one_pass = make_one_pass(device, pictures);
    one_pass->upload(layers);
    one_pass->descend(0.1F, 1);
    EXPECT_EQ(static_cast<float>(one_pass->scores().at(0).accuracy),
              static_cast<float>(expected.accuracy));
  }
}

TEST(OnePass, RefusesWhatItCannotLearn) {
  Dataset pictures = scribbles(3, 11);
  EXPECT_THROW(OnePass(pictures, 1), InputError);
  for (const Device device : usable_devices()) {
    EXPECT_THROW(make_one_pass(device, pictures), InputError);
  }
  pictures = scribbles(3);
  pictures.width = 14;
  pictures.height = 56;
  EXPECT_NO_THROW(OnePass(pictures, 1));
  pictures.width = 13;
  EXPECT_THROW(OnePass(pictures, 1), InputError);
}

/// A table as Kaggle's, with so many digits.
std::filesystem::path write_table(const Dataset& pictures) {
  const auto path = std::filesystem::path(testing::TempDir()) / "train.csv";
  std::ofstream file(path);
  file << "label";
  for (int i = 0; i < TwoLayers::kPixels; ++i) file << ",pixel" << i;
  for (std::int64_t n = 0; n < pictures.count; ++n) {
    file << "\n" << int{pictures.labels[static_cast<std::size_t>(n)]};
    for (const std::uint8_t byte : pictures.picture(n))
      file << "," << int{byte};
  }
  file << "\n";
  return path;
}

TEST(Report000, LearnsFromAllOfATable) {
  const Dataset pictures = scribbles(40);
  const DatasetPair data =
      pictures_of_report_000(write_table(pictures).string());
  EXPECT_EQ(data.train.count, 40);
  EXPECT_EQ(data.train.pixels, pictures.pixels);
  EXPECT_EQ(data.train.labels, pictures.labels);
  EXPECT_EQ(data.test.count, 0);
  const FullBatchPlan plan{.iterations = 3, .validation = 7};
  const Place place("cpu", 2);
  const FullBatchOutcome layers = train_full_batch(plan, data, place);
  const OnePassOutcome one = train_one_pass(plan, data, place, 2);
  EXPECT_EQ(layers.pictures, 33);
  EXPECT_EQ(one.pictures, 33);
  EXPECT_TRUE(std::isnan(layers.test.accuracy));
  ASSERT_EQ(one.losses.size(), 3U);
  ASSERT_EQ(layers.losses.size(), 3U);
  // Both begin with the same weights, so either is off by its bound at most.
  const Dataset train = split_by_count(data.train, 7, plan.seed).train;
  const BoundedGradient first =
      bounded_gradient(train, first_layers(train, plan.seed));
  EXPECT_NEAR(one.losses[0], first.loss, first.loss_bound);
  EXPECT_NEAR(layers.losses[0], first.loss, first.loss_bound);
  EXPECT_LT(one.losses[2], one.losses[0]);
  EXPECT_EQ(one.validation.accuracy, layers.validation.accuracy);
}

TEST(Report000, RefusesAFileThatIsNotThere) {
  EXPECT_THROW(pictures_of_report_000("no-such-file.csv"), InputError);
}

TEST(TwoLayersTest, GoIntoAnArenaAndBack) {
  const Dataset pictures = scribbles(2, 4);
  const std::vector<float> layers = first_layers(pictures, 9);
  // PyTorch's way to begin: uniform, as wide as the root of the inputs.
  for (std::size_t i = 0; i < TwoLayers::kOutput; ++i) {
    EXPECT_LE(std::abs(layers[i]), 1 / 28.0F);
    EXPECT_NE(layers[i], 0);
  }
  EXPECT_NE(layers[TwoLayers::kOutput + 3], 0);
  EXPECT_EQ(layers[TwoLayers::kOutput + 4], 0);  // no fifth class
}

}  // namespace
}  // namespace cnn
