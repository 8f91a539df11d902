// What the microscope sees of report 000's kernel: no races, every picture
// once, and the requests that its page counts.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "chapters/07_four_reports/one_pass_kernels.hpp"
#include "chapters/07_four_reports/one_pass_tile.cuh"
#include "common/cuda/buffer.hpp"
#include "common/simt/microscope.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
inline namespace CNN_GPU {
namespace {

using simt::KernelCounts;
using simt::MemoryCounts;
using simt::Microscope;

constexpr std::int64_t kTile = OnePassShape::kPictures;

/// Kernels launched once, on so many pictures with ink in one place of five.
/// Faults, races and reads of what was never written end a launch.
void run(int count, int blocks) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count) *
                                   TwoLayers::kPixels);
  for (std::size_t i = 0; i < pixels.size(); i += 5) {
    pixels[i] = static_cast<std::uint8_t>(1 + i % 255);
  }
  std::vector<std::uint8_t> labels(static_cast<std::size_t>(count), 3);
  const Stream stream;
  const auto device_pixels = on_device(pixels);
  const auto device_labels = on_device(labels);
  auto layers = on_device(std::vector<float>(TwoLayers::kNumbers, 0.01F));
  DeviceBuffer<float> parts(
      static_cast<std::size_t>(blocks * OnePassParts::kNumbers));
  DeviceBuffer<float> gradient(TwoLayers::kNumbers);
  DeviceBuffer<float> score(2);
  one_pass_parts({device_pixels.data(), device_labels.data(), count, 10},
                 layers.data(), blocks, parts.data(), stream);
  one_pass_descend(parts.data(), blocks, count, 0.1F, layers.data(),
                   gradient.data(), score.data(), stream);
}

KernelCounts counts_of(const Microscope& microscope, const std::string& part) {
  const auto& kernels = microscope.kernels();
  const auto found = std::ranges::find_if(kernels, [&](const auto& kernel) {
    return kernel.name.find(part) != std::string::npos;
  });
  EXPECT_NE(found, kernels.end()) << part;
  return found == kernels.end() ? KernelCounts{} : *found;
}

TEST(TracedOnePass, NothingRaces) {
  EXPECT_NO_THROW(run(1, 1));
  EXPECT_NO_THROW(run(3 * kTile + 1, 2));
}

TEST(TracedOnePass, ReadsEveryPictureOnce) {
  const Microscope microscope;
  run(2 * kTile, 1);
  const KernelCounts kernel = counts_of(microscope, "add_pictures");
  constexpr std::int64_t kOfPicture = TwoLayers::kPixels + 1;  // and its label
  const std::int64_t bytes =
      2 * kTile * kOfPicture + TwoLayers::kNumbers * std::int64_t{4};
  EXPECT_EQ(kernel.distinct_bytes_read, bytes);
  EXPECT_EQ(kernel.total.global_load.bytes, bytes);
}

/// The difference that one more tile makes, of what one_pass_pixels.cuh does.
TEST(TracedOnePass, AsksSharedMemoryAsOftenAsThePageSays) {
  const auto shared_loads = [](int tiles) {
    const Microscope microscope;
    run(static_cast<int>(tiles * kTile), 1);
    const KernelCounts kernel = counts_of(microscope, "add_pictures");
    MemoryCounts pixels;
    for (const auto& line : kernel.lines) {
      if (line.file.ends_with("one_pass_pixels.cuh") ||
          line.file.ends_with("tiles.cuh")) {
        pixels += line.counts;
      }
    }
    return pixels.shared_load;
  };
  const simt::AccessCounts one = shared_loads(1);
  const simt::AccessCounts two = shared_loads(2);
  constexpr std::int64_t kForward = 2058;
  constexpr std::int64_t kBack = 1568;
  constexpr std::int64_t kClocks = 7000;
  EXPECT_EQ(two.requests - one.requests, kForward + kBack);
  EXPECT_EQ(two.wavefronts - one.wavefronts, kClocks);
}

TEST(TracedOnePass, PicturesMeetNoBankConflicts) {
  const Microscope microscope;
  run(kTile, 1);
  for (const auto& line : counts_of(microscope, "add_pictures").lines) {
    if (!line.file.ends_with("one_pass_pixels.cuh")) continue;
    EXPECT_EQ(line.counts.shared_load.conflicts, 0) << line.line;
    EXPECT_EQ(line.counts.shared_store.conflicts, 0) << line.line;
  }
}

}  // namespace
}  // namespace CNN_GPU
}  // namespace cnn
