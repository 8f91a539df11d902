// Broken products, each with one mistake that people really make: found by the
// emulator, with the line, or by the judge.
#include <gtest/gtest.h>

#include "common/cuda/async_copy.cuh"
#include "common/cuda/launch.cuh"
#include "tests/chapters/06_tiled_cuda_adam/product_case.hpp"
#include "tests/common/simt/faulty.hpp"

namespace cnn {
namespace {

using simt::expect_words;
using simt::Fault;
using simt::fault_of;
using simt::FaultKind;

constexpr int kTile = 16;
constexpr int kSize = 2 * kTile;

enum class Mistake {
  kNone,
  kNoBarrierBeforeReading,
  kNoBarrierAfterReading,
  kNoWait,
  kSentTooEarly,
  kSwappedStride,
  kNoBounds
};

/// A tile of each factor, the next one on its way while one is multiplied.
template <Mistake kMistake>
__global__ void broken_product(Product p) {
  __shared__ float a[2][kTile][kTile];
  __shared__ float b[2][kTile][kTile];
  const int x = static_cast<int>(threadIdx.x);
  const int y = static_cast<int>(threadIdx.y);
  const int row = static_cast<int>(blockIdx.y) * kTile + y;
  const int column = static_cast<int>(blockIdx.x) * kTile + x;
  const auto send = [&](int first, int slot) {
    const int step = kMistake == Mistake::kSwappedStride ? p.n : p.lda;
    __pipeline_memcpy_async(&a[slot][y][x], &p.a[row * step + first + x], 4);
    __pipeline_memcpy_async(&b[slot][y][x], &p.b[(first + y) * p.ldb + column],
                            4);
    __pipeline_commit();
  };
  float sum = 0;
  send(0, 0);
  int slot = 0;
  for (int first = 0; first < p.k; first += kTile) {
    const bool more = first + kTile < p.k || kMistake == Mistake::kNoBounds;
    if (kMistake == Mistake::kSentTooEarly && more) {
      send(first + kTile, slot);  // over what has just come
      __pipeline_wait_prior(0);
      __syncthreads();
    } else {
      if (kMistake != Mistake::kNoWait) __pipeline_wait_prior(0);
      if (kMistake != Mistake::kNoBarrierBeforeReading) __syncthreads();
      if (more) send(first + kTile, 1 - slot);
    }
    for (int k = 0; k < kTile; ++k) sum += a[slot][y][k] * b[slot][k][x];
    if (kMistake != Mistake::kNoBarrierAfterReading) __syncthreads();
    if (kMistake != Mistake::kSentTooEarly) slot = 1 - slot;
  }
  p.c[row * p.ldc + column] = sum;
}

template <Mistake kMistake>
void run(ProductCase& one) {
  launch(broken_product<kMistake>,
         {dim3(kSize / kTile, kSize / kTile), dim3(kTile, kTile)}, one.stream(),
         one.product());
}

template <Mistake kMistake>
Fault fault() {
  ProductCase one({kSize, kSize, 3 * kTile});
  return fault_of([&] { run<kMistake>(one); });
}

TEST(BrokenProducts, TheUnbrokenOneIsRight) {
  ProductCase one({kSize, kSize, 3 * kTile});
  run<Mistake::kNone>(one);
  const Comparison outcome = one.judge();
  EXPECT_TRUE(outcome.passed()) << describe(outcome);
}

TEST(BrokenProducts, ABarrierTooFew) {
  const Fault before = fault<Mistake::kNoBarrierBeforeReading>();
  EXPECT_TRUE(before.kind == FaultKind::kRace ||
              before.kind == FaultKind::kUninitialised)
      << before.text;
  EXPECT_TRUE(before.file.ends_with("test_broken_products.cu"));
  expect_words(before, {"broken_product"});
}

TEST(BrokenProducts, NobodyWaitedForTheCopies) {
  const Fault early = fault<Mistake::kNoWait>();
  EXPECT_EQ(early.kind, FaultKind::kUninitialised) << early.text;
}

TEST(BrokenProducts, AStrideOfTheOtherMatrix) {
  ProductCase one({kSize, kSize, 3 * kTile});
  run<Mistake::kSwappedStride>(one);
  EXPECT_FALSE(one.judge().passed());
}

TEST(BrokenProducts, ATileTooMany) {
  const Fault outside = fault<Mistake::kNoBounds>();
  EXPECT_EQ(outside.kind, FaultKind::kOutOfBounds) << outside.text;
  expect_words(outside, {"allocation"});
}

TEST(BrokenProducts, TheNextTileOverThisOne) {
  ProductCase one({kSize, kSize, 3 * kTile});
  run<Mistake::kSentTooEarly>(one);
  EXPECT_FALSE(one.judge().passed());
}

}  // namespace
}  // namespace cnn
