#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "common/random.hpp"

namespace cnn {
namespace {

using Counter = std::array<std::uint32_t, 4>;

// Known-answer vectors of philox4x32-10, published with Random123
// (kat_vectors).
TEST(Philox, MatchesThePublishedVectors) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            (Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                       {0xa4093822, 0x299f31d0}),
            (Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, IsPhiloxOfIndexAndSeed) {
  const Random random(0);
  EXPECT_EQ(random.bits(0), 0x6627e8d5U);
  EXPECT_EQ(random.bits(3), 0x9b00dbd8U);
  EXPECT_NE(random.bits(4), random.bits(0));
}

TEST(Random, UsesTheWholeIndexSeedAndStream) {
  const std::uint64_t high = std::uint64_t{1} << 40;
  EXPECT_NE(Random(1).bits(0), Random(1).bits(high));
  EXPECT_NE(Random(1).bits(0), Random(1 + high).bits(0));
  EXPECT_NE(Random(1, 0).bits(0), Random(1, high).bits(0));
  EXPECT_NE(Random(1, 2).bits(0), Random(2, 1).bits(0));
}

TEST(Random, UniformStaysBelowOneAndIsSpreadOut) {
  const Random random(7);
  constexpr int kCount = 100'000;
  double sum = 0;
  double squares = 0;
  for (std::uint64_t i = 0; i < kCount; ++i) {
    const float value = random.uniform(i);
    ASSERT_GE(value, 0.0F);
    ASSERT_LT(value, 1.0F);
    sum += double{value};
    squares += double{value} * double{value};
  }
  // Mean 1/2 and mean square 1/3, to six standard errors of the mean.
  EXPECT_NEAR(sum / kCount, 0.5, 6 * std::sqrt(1.0 / 12 / kCount));
  EXPECT_NEAR(squares / kCount, 1.0 / 3, 6 * std::sqrt(4.0 / 45 / kCount));
}

TEST(Random, FillMapsTheSequenceInOrder) {
  const Random random(3, 5);
  std::vector<float> values(257);
  random.fill_uniform(values, -2, 6);
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(values[i], -2 + 8 * random.uniform(i));
  }
  random.fill_uniform({}, 0, 1);  // nothing to do is fine
}

TEST(Random, ManyBitsAtOnceAreTheSameBits) {
  const Random random(0x123456789abcdef, 0x1000000005);
  // Beginnings inside a block of four, across 2^32 blocks, and short runs.
  for (const std::uint64_t first : {0ULL, 1ULL, 7ULL, 0x3ffffffe1ULL}) {
    for (const std::size_t size : {0U, 1U, 3U, 4U, 70U, 1001U}) {
      std::vector<std::uint32_t> values(size);
      random.fill_bits(first, values);
      for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(values[i], random.bits(first + i)) << first << " + " << i;
      }
    }
  }
}

TEST(Random, BelowReachesEveryValueAndNoOther) {
  const Random random(11);
  std::set<std::uint64_t> seen;
  for (std::uint64_t i = 0; i < 1000; ++i) seen.insert(random.below(i, 7));
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(random.below(0, 1), 0U);
  EXPECT_LT(random.below(0, UINT64_MAX), UINT64_MAX);
  EXPECT_THROW(random.below(0, 0), std::invalid_argument);
}

}  // namespace
}  // namespace cnn
