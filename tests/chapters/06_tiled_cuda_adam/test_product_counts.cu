// What each step of the product claims, as counts of the microscope.
#include <gtest/gtest.h>

#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/tuned_product.hpp"
#include "common/simt/microscope.hpp"
#include "tests/chapters/06_tiled_cuda_adam/product_case.hpp"

namespace cnn {
namespace {

using simt::KernelCounts;
using simt::MemoryCounts;
using simt::Microscope;

constexpr std::int64_t kSize = 128;
constexpr std::int64_t kElements = kSize * kSize;
constexpr std::int64_t kWarps = kElements / 32;  // of a thread an element
constexpr std::int64_t kTile = 32;               // of steps 2 and 3

KernelCounts counts_of(const std::function<void()>& launches) {
  const Microscope microscope;
  launches();
  return microscope.kernels().at(0);
}

KernelCounts counts_of_step(int step) {
  ProductCase one({kSize, kSize, kSize});
  return counts_of([&] {
    product_steps()[static_cast<std::size_t>(step)].run(one.product(),
                                                        one.stream());
  });
}

/// Multiplications of 32 lanes for each request to shared memory.
double products_per_request(const KernelCounts& counts) {
  constexpr std::int64_t kProducts = kElements * kSize / 32;
  return static_cast<double>(kProducts) /
         static_cast<double>(counts.total.shared_load.requests);
}

TEST(ProductCounts, NaiveWarpsTouchASectorForEveryLane) {
  const MemoryCounts counts = counts_of_step(0).total;
  // For each term 32 rows of a, and one element of b for all lanes.
  EXPECT_EQ(counts.global_load.requests, 2 * kWarps * kSize);
  EXPECT_EQ(counts.global_load.sectors, (32 + 1) * kWarps * kSize);
  EXPECT_EQ(counts.global_store.sectors, 32 * kWarps);
}

TEST(ProductCounts, CoalescingLeavesFourSectorsOfThirtyTwo) {
  const MemoryCounts counts = counts_of_step(1).total;
  EXPECT_EQ(counts.global_load.requests, 2 * kWarps * kSize);
  EXPECT_EQ(counts.global_load.sectors, (1 + 4) * kWarps * kSize);
  EXPECT_EQ(counts.global_store.sectors, 4 * kWarps);
}

TEST(ProductCounts, TilesDivideWhatIsReadByTheirWidth) {
  const KernelCounts before = counts_of_step(1);
  const KernelCounts after = counts_of_step(2);
  EXPECT_EQ(before.total.global_load.requests,
            kTile * after.total.global_load.requests);
  EXPECT_EQ(before.total.global_load.bytes,
            kTile * after.total.global_load.bytes);
  EXPECT_EQ(before.times_read(), kSize);
  EXPECT_EQ(after.times_read(), kSize / kTile);
  // Sectors: 5 for each of 32 terms become 4 for a row of each tile.
  EXPECT_EQ(before.total.global_load.sectors * (4 + 4),
            after.total.global_load.sectors * 5 * kTile);
}

TEST(ProductCounts, TurningATileIsAConflictOfThirtyTwoUnlessPadded) {
  const MemoryCounts bare = counts_of_step(2).total;
  const MemoryCounts padded = counts_of_step(3).total;
  const std::int64_t stores = kWarps * kSize / kTile;  // of each tile
  EXPECT_EQ(bare.shared_store.requests, 2 * stores);
  EXPECT_EQ(bare.shared_store.conflicts, 31 * stores);
  EXPECT_EQ(bare.shared_load.conflicts, 0);
  EXPECT_EQ(padded.shared_store.requests, 2 * stores);
  EXPECT_EQ(padded.shared_store.conflicts, 0);
  EXPECT_EQ(padded.shared_load.conflicts, 0);
}

TEST(ProductCounts, RegistersTakeLoadOffSharedMemory) {
  // Two loads a product; 9 for 8; 16 for 64; 4 wide ones for 64.
  EXPECT_DOUBLE_EQ(products_per_request(counts_of_step(3)), 1.0 / 2);
  EXPECT_DOUBLE_EQ(products_per_request(counts_of_step(4)), 8.0 / 9);
  EXPECT_DOUBLE_EQ(products_per_request(counts_of_step(5)), 64.0 / 16);
  EXPECT_DOUBLE_EQ(products_per_request(counts_of_step(6)), 64.0 / 4);
  EXPECT_DOUBLE_EQ(products_per_request(counts_of_step(7)), 64.0 / 4);
}

TEST(ProductCounts, LargerTilesAreReadLessOften) {
  EXPECT_EQ(counts_of_step(3).times_read(), kSize / 32);
  EXPECT_EQ(counts_of_step(4).times_read(), kSize / 64);
  EXPECT_EQ(counts_of_step(5).times_read(), 1);  // one tile is all of c
  EXPECT_EQ(counts_of_step(7).times_read(), 1);
}

TEST(ProductCounts, VectorsMakeAQuarterOfTheRequestsForTheSameSectors) {
  const MemoryCounts one = counts_of_step(5).total;
  const MemoryCounts four = counts_of_step(6).total;
  EXPECT_EQ(one.global_load.requests, 4 * four.global_load.requests);
  EXPECT_EQ(one.global_load.sectors, four.global_load.sectors);
  EXPECT_EQ(one.shared_load.requests, 4 * four.shared_load.requests);
  EXPECT_EQ(one.shared_load.bytes, four.shared_load.bytes);
  EXPECT_EQ(one.global_store.requests, 4 * four.global_store.requests);
  EXPECT_EQ(one.global_store.sectors, four.global_store.sectors);
}

TEST(ProductCounts, FromStepThreeOnThereAreNoConflicts) {
  for (const int step : {3, 4, 5, 6, 7, 8}) {
    const MemoryCounts counts = counts_of_step(step).total;
    EXPECT_EQ(counts.shared_load.conflicts, 0) << step;
    EXPECT_EQ(counts.shared_store.conflicts, 0) << step;
  }
}

TEST(ProductCounts, TheTunedOneReadsAQuarterLessFromSharedMemory) {
  // For each term 8 + 8 numbers and 64 products become 8 + 16 and 128. A term
  // beyond the last one is read, too, and thrown away.
  constexpr std::int64_t kNumber = sizeof(float);
  EXPECT_EQ(counts_of_step(7).total.shared_load.bytes,
            kElements / 64 * (8 + 8) * kNumber * kSize);
  EXPECT_EQ(counts_of_step(8).total.shared_load.bytes,
            kElements / 128 * (8 + 16) * kNumber * (kSize + 1));
}

TEST(ProductCounts, NoFormAndNoTileHasConflicts) {
  using enum ProductPlan::Tile;
  for (const auto tile : {kLarge, kMedium, kSmall})
    for (const int form : {0, 1, 2, 3}) {
      ProductCase one(
          {kSize, kSize, kSize, 0, (form & 1) != 0, (form & 2) != 0});
      const KernelCounts counts = counts_of([&] {
        multiply_tuned(one.product(), one.form(), {tile, 1}, nullptr,
                       one.stream());
      });
      EXPECT_EQ(counts.total.shared_load.conflicts, 0) << form;
      EXPECT_EQ(counts.total.shared_store.conflicts, 0) << form;
      EXPECT_EQ(counts.total.global_store.sectors, kElements * 4 / 32);
    }
}

}  // namespace
}  // namespace cnn
