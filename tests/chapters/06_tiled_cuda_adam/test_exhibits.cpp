// What the chapter says of its kernels' memory, asked of all of them at once:
// each has an exhibit, and the counts follow from the sizes.
#include "chapters/06_tiled_cuda_adam/exhibits.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/simt/examination.hpp"

namespace cnn {
namespace {

using simt::AccessCounts;
using simt::Examined;
using simt::KernelCounts;
using simt::MemoryCounts;

constexpr std::int64_t kFloat = sizeof(float);
constexpr std::int64_t kSector = 32;

const std::vector<Exhibit>& exhibits() {
  static const std::vector<Exhibit> all = tiled_exhibits(Device::kEmulator);
  return all;
}

/// Looked at when it is asked for, and once.
const Examined& exhibit(const std::string& name) {
  static std::map<std::string, Examined> seen;
  const auto known = seen.find(name);
  if (known != seen.end()) return known->second;
  for (const Exhibit& one : exhibits()) {
    if (one.name != name) continue;
    return seen.emplace(name, simt::examine({{one}}).at(0)).first->second;
  }
  throw std::out_of_range("no exhibit " + name);
}

/// The first kernel of an exhibit whose name begins so.
const KernelCounts& kernel(const std::string& of, const std::string& begin) {
  for (const KernelCounts& one : exhibit(of).kernels) {
    if (one.name.starts_with(begin)) return one;
  }
  throw std::out_of_range(of + " launches no " + begin);
}

const KernelCounts& step(std::size_t number) {
  return exhibit(kStepNames.at(number)).kernels.at(0);
}

/// "tiled_product" of "tiled_product<32, 0>".
std::string base(const std::string& name) {
  return name.substr(0, name.find('<'));
}

std::set<std::string> kernels_in_the_sources() {
  const std::filesystem::path folder =
      std::filesystem::path(COURSE_SOURCE_DIR) / "chapters/06_tiled_cuda_adam";
  const std::regex kernel(
      R"(__global__\s+void\s+(?:__launch_bounds__\([^)]*\)\s+)?(\w+)\()");
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto kind = entry.path().extension();
    if (kind != ".cu" && kind != ".cuh") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator one(source.begin(), source.end(), kernel), end;
         one != end; ++one) {
      found.insert((*one)[1]);
    }
  }
  return found;
}

/// Nobody's shared loads have bank conflicts, and hardly anybody's stores: step
/// 2's, copies one by one at edges where fours do not fit, and rows of 48
/// numbers, which are no multiple of what a warp copies.
const std::set<std::string>& with_conflicts() {
  static const std::set<std::string> names{"tiled", "ragged_steps",
                                           "ragged_forms", "forward_48x256",
                                           "input_gradient_48x256"};
  return names;
}

TEST(TiledExhibits, ShowEveryKernelAndHardlyABankConflict) {
  std::set<std::string> seen;
  for (const Exhibit& one : exhibits()) {
    for (const KernelCounts& counts : exhibit(one.name).kernels) {
      const std::string where = one.name + ": " + counts.name;
      seen.insert(base(counts.name));
      EXPECT_FALSE(counts.lines.empty()) << where << " was not traced";
      EXPECT_EQ(counts.total.shared_load.conflicts, 0) << where;
      if (with_conflicts().contains(one.name)) continue;
      EXPECT_EQ(counts.total.shared_store.conflicts, 0) << where;
    }
  }
  const std::set<std::string> written = kernels_in_the_sources();
  EXPECT_GT(written.size(), 30U);
  for (const std::string& name : written) {
    EXPECT_TRUE(seen.contains(name)) << "no exhibit launches " << name;
  }
}

TEST(TiledExhibits, HaveNamesOfTheirOwnAndSayWhatTheyShow) {
  std::set<std::string> names;
  for (const Exhibit& one : exhibits()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_FALSE(one.shows.empty()) << one.name;
    // A line of the table, beside the name.
    EXPECT_LE(one.name.size() + one.shows.size() + 2, 100U) << one.name;
  }
}

/// Rows and columns of c that a block of each step computes.
struct StepTile {
  std::int64_t rows;
  std::int64_t columns;
};
constexpr std::array<StepTile, kStepNames.size()> kStepTiles{{{1, 1},
                                                              {1, 1},
                                                              {32, 32},
                                                              {32, 32},
                                                              {64, 64},
                                                              {128, 128},
                                                              {128, 128},
                                                              {128, 128},
                                                              {64, 128}}};

/// Each tile of c asks for its rows of a and its columns of b.
TEST(TiledExhibits, TilesReadWhatTheirSizesSay) {
  const auto& [m, n, k] = kWholeTiles;
  for (std::size_t i = 0; i < kStepTiles.size(); ++i) {
    const auto& [rows, columns] = kStepTiles.at(i);
    const std::int64_t tiles = m / rows * (n / columns);
    const MemoryCounts& counts = step(i).total;
    EXPECT_EQ(counts.global_load.bytes, tiles * (rows + columns) * k * kFloat)
        << kStepNames.at(i);
    EXPECT_EQ(step(i).distinct_bytes_read, (m + n) * k * kFloat);
    EXPECT_EQ(counts.global_store.bytes, m * n * kFloat);
    // From step 2 on every sector is used whole.
    if (i < 2) continue;
    EXPECT_EQ(counts.global_load.sectors,
              tiles * (rows + columns) * k * kFloat / kSector);
    EXPECT_EQ(counts.global_store.sectors, m * n * kFloat / kSector);
  }
}

TEST(TiledExhibits, EachStepAsksForNoMoreThanTheOneBefore) {
  for (std::size_t i = 1; i + 1 < kStepNames.size(); ++i) {
    EXPECT_LE(step(i).times_read(), step(i - 1).times_read());
    EXPECT_LE(step(i).global_traffic_bytes(),
              step(i - 1).global_traffic_bytes());
    EXPECT_GE(exhibit(kStepNames.at(i)).arithmetic_intensity(),
              exhibit(kStepNames.at(i - 1)).arithmetic_intensity());
  }
  // The tuned one reads b twice where step 7 reads all of it once ...
  EXPECT_EQ(step(7).times_read(), 1);
  EXPECT_EQ(step(8).times_read(), 1.5);
}

/// ... because shared memory is what it is short of: passes for each product of
/// 32 lanes.
TEST(TiledExhibits, PassesOfSharedLoadsFallToATenthOfAPassAProduct) {
  const auto& [m, n, k] = kWholeTiles;
  const double products = static_cast<double>(m) * n * k / 32;
  const auto passes = [&](std::size_t number) {
    return static_cast<double>(step(number).total.shared_load.wavefronts) /
           products;
  };
  EXPECT_EQ(passes(2), 2);
  EXPECT_EQ(passes(3), 2);
  EXPECT_EQ(passes(4), 9.0 / 8);
  EXPECT_EQ(passes(5), 16.0 / 64);
  // Two loads of fours of a, two passes each; two of b, four passes each.
  EXPECT_EQ(passes(6), (2.0 * 2 + 2 * 4) / 64);
  EXPECT_EQ(passes(7), passes(6));
  // Six loads of two passes; and one term more, which nobody uses.
  EXPECT_EQ(passes(8), 6.0 * 2 / 128 * (k + 1) / k);
}

/// In step 2 the 32 lanes of a store want different words of one bank: 31
/// passes too many.
TEST(TiledExhibits, StepTwoHasABankConflictOfThirtyTwo) {
  const AccessCounts& stores = step(2).total.shared_store;
  EXPECT_EQ(stores.conflicts, 31 * stores.requests / 2);
}

/// On sizes that no tile divides, nothing is read twice that was read once.
TEST(TiledExhibits, RaggedTilesReadNoMoreThanTheirShare) {
  const auto& [m, n, k] = kRaggedTiles;
  const auto pieces = [](std::int64_t total, std::int64_t size) {
    return (total + size - 1) / size;
  };
  for (std::size_t i = 0; i + 1 < kStepTiles.size(); ++i) {
    const KernelCounts& counts = kernel("ragged_steps", step(i).name);
    const auto& [rows, columns] = kStepTiles.at(i);
    EXPECT_EQ(counts.total.global_load.bytes,
              (pieces(n, columns) * m + pieces(m, rows) * n) * k * kFloat)
        << kStepNames.at(i);
    EXPECT_EQ(counts.total.global_store.bytes, std::int64_t{m} * n * kFloat);
  }
}

/// Each part has sums of its own, written once, read once.
TEST(TiledExhibits, PartsCostAWayThroughMemory) {
  const KernelCounts& parts = kernel("product_parts", "tuned_product");
  const KernelCounts& sum = kernel("product_parts", "sum_parts");
  const std::int64_t size = sum.total.global_store.bytes;
  EXPECT_EQ(parts.total.global_store.bytes, 4 * size);
  EXPECT_EQ(sum.total.global_load.bytes, 4 * size);
  EXPECT_EQ(sum.times_read(), 1);
}

/// Whatever lies transposed, the same numbers are read as often, and no sector
/// more than it takes.
TEST(TiledExhibits, FormsDifferInTheWayAndNotInTheAmount) {
  for (const std::string tile : {"large", "medium", "small"}) {
    const auto traffic = [&](const std::string& form) {
      const std::string name = fmt::format("product_{}_{}", tile, form);
      return exhibit(name).kernels.at(0).global_traffic_bytes();
    };
    EXPECT_EQ(traffic("tn"), traffic("nn"));
    for (const std::string form : {"nt", "tt"}) {
      // Large tiles are wider when b has to be turned.
      EXPECT_LE(traffic(form), traffic("nn"));
    }
  }
}

}  // namespace
}  // namespace cnn
