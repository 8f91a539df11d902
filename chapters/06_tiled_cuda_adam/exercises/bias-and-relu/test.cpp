#include <cmath>
#include <limits>

#include "exercise.hpp"
#include "tests/exercises/product_test.hpp"

namespace {

using namespace cnn;

void expect_finished(int m, int n, int k) {
  SmallProduct product = small_product(m, n, k);
  const std::vector<float> numbers = small_numbers(n, 5);
  for (std::size_t i = 0; i < product.c.size(); ++i) {
    product.c[i] += numbers[i % numbers.size()];
    if (product.c[i] < 0) product.c[i] = 0;
  }
  const auto bias = on_device(numbers);
  expect_product(product, [&](const Stream& stream, const float* a,
                              const float* b, float* c) {
    multiply_and_finish(stream, a, b, bias.data(), c, m, n, k);
  });
}

class MultiplyAndFinish : public KernelTest {};

TEST_F(MultiplyAndFinish, OneTile) {
  expect_finished(16, 16, 16);
}

TEST_F(MultiplyAndFinish, SeveralTilesAndRaggedEdges) {
  expect_finished(20, 50, 19);
  expect_finished(33, 5, 3);
}

TEST_F(MultiplyAndFinish, WhatIsNotANumberStaysThat) {
  const auto a =
      on_device(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()});
  const auto b = on_device(std::vector<float>{2, 3});
  const auto bias = on_device(std::vector<float>{-1, 1});
  DeviceBuffer<float> c(4);
  ASSERT_TRUE(runs([&](const Stream& stream) {
    multiply_and_finish(stream, a.data(), b.data(), bias.data(), c.data(), 2, 2,
                        1);
  }));
  const std::vector<float> result = on_host(c);
  EXPECT_EQ(result[0], 1);
  EXPECT_EQ(result[1], 4);
  EXPECT_TRUE(std::isnan(result[2])) << "found " << result[2];
  EXPECT_TRUE(std::isnan(result[3])) << "found " << result[3];
}

class MultiplyAndFinishCounts : public MicroscopeTest {};

TEST_F(MultiplyAndFinishCounts, TheResultIsWrittenOnceAndNeverRead) {
  constexpr int kSize = 32;
  constexpr int kTiles = kSize / 16;
  const SmallProduct product = small_product(kSize, kSize, kSize);
  const auto a = on_device(product.a);
  const auto b = on_device(product.b);
  const auto bias = on_device(ramp(kSize));
  DeviceBuffer<float> c(product.c.size());
  const auto counts = counted([&](const Stream& stream) {
    multiply_and_finish(stream, a.data(), b.data(), bias.data(), c.data(),
                        kSize, kSize, kSize);
  });
  constexpr int kResult = kSize * kSize * 4;  // bytes
  EXPECT_EQ(counts.global_store.bytes, kResult);
  // Each factor once for each tile across the other, the bias by each thread.
  EXPECT_EQ(counts.global_load.bytes, 2 * kTiles * kResult + kResult);
}

}  // namespace
