#include "chapters/03_blocked_gemm/isa.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "chapters/03_blocked_gemm/blocking.hpp"
#include "chapters/03_blocked_gemm/packing.hpp"

namespace {

using namespace cnn;

TEST(Isa, PortableIsAlwaysThereAndComesFirst) {
  const auto isas = supported_isas();
  ASSERT_FALSE(isas.empty());
  EXPECT_EQ(isas.front(), Isa::kPortable);
  EXPECT_EQ(isas.back(), best_isa());
  EXPECT_TRUE(std::is_sorted(isas.begin(), isas.end()));
}

TEST(Isa, HasAName) {
  EXPECT_EQ(name_of(Isa::kPortable), "portable");
  EXPECT_EQ(name_of(Isa::kAvx2), "AVX2");
  EXPECT_EQ(name_of(Isa::kAvx512), "AVX-512");
}

TEST(Isa, KernelsAreAsWideAsTheirName) {
  for (const Isa isa : supported_isas()) {
    const int lanes = isa == Isa::kAvx512 ? 16 : isa == Isa::kAvx2 ? 8 : 4;
    EXPECT_EQ(gemm_kernels(isa).lanes, lanes) << name_of(isa);
  }
}

// Whatever a product's sizes: blocks are made of whole panels, and what is
// packed fits the memory.
TEST(Blocking, FitsTheMemory) {
  for (const Isa isa : supported_isas())
    for (const std::int64_t room : {std::int64_t{64 << 10}, kPackedFloats})
      for (const std::int64_t m : {1, 13, 300, 5000, 1000000})
        for (const std::int64_t n : {1, 31, 700, 9000, 1000000})
          for (const std::int64_t k : {0, 1, 65, 3000, 1000000}) {
            const GemmKernels& kernels = gemm_kernels(isa);
            const Blocking by = choose_blocking({m, n, k}, kernels, room);
            ASSERT_LE((by.rows + by.columns) * by.round, room)
                << m << " x " << n << " x " << k;
            ASSERT_GE(by.rows, 1);
            ASSERT_LE(by.panel_rows, kernels.rows);
            ASSERT_EQ(by.rows % by.panel_rows, 0);
            ASSERT_EQ(by.columns % by.panel_columns, 0);
            ASSERT_EQ(by.round % by.terms, 0);
            ASSERT_EQ(by.terms % kTermStep, 0);
            ASSERT_GE(by.sweep, 1);
            // Sums are added up in the same order in tasks of any size.
            ASSERT_EQ(by.terms,
                      choose_blocking({7, 7, k}, kernels, kPackedFloats).terms);
          }
}

// Tasks are made of whole panels, there is at most one for each thread, and
// none is for so little work that waking threads would take longer.
TEST(Tasks, AreForAllThreadsOrForOne) {
  const GemmKernels& kernels = gemm_kernels(best_isa());
  const std::int64_t panel = std::int64_t{kernels.vectors} * kernels.lanes;
  for (const int threads : {1, 2, 3, 7, 16, 100})
    for (const std::int64_t m : {1, 13, 300, 5000})
      for (const std::int64_t n : {1, 31, 700, 9000})
        for (const std::int64_t k : {0, 1, 65, 3000}) {
          const TaskSize task = choose_tasks({m, n, k}, kernels, threads);
          const std::int64_t down = block_count(m, task.rows);
          const std::int64_t across = block_count(n, task.columns);
          ASSERT_LE(down * across, threads) << m << " x " << n << " x " << k;
          ASSERT_TRUE(across == 1 || task.columns % panel == 0);
          ASSERT_TRUE(down * across == 1 || m * n * k > 10000);
        }
  const TaskSize square = choose_tasks({4096, 4096, 4096}, kernels, 16);
  EXPECT_EQ(square.rows, 1024);
  EXPECT_EQ(square.columns, 1024);
  const TaskSize narrow = choose_tasks({4096, 10, 4096}, kernels, 16);
  EXPECT_EQ(narrow.rows, 256);
}

}  // namespace
