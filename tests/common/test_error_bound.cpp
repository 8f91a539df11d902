#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "common/error_bound.hpp"
#include "common/random.hpp"

namespace cnn {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Compares one value with one reference; ten terms.
Comparison compare_one(float actual, double expected, double magnitude) {
  return compare({&actual, 1}, {{&expected, 1}, {&magnitude, 1}}, 10);
}

TEST(GammaBound, IsHighamsGamma) {
  const double u = std::ldexp(1.0, -24);
  EXPECT_EQ(gamma_bound(0), 0);
  EXPECT_DOUBLE_EQ(gamma_bound(1), u / (1 - u));
  EXPECT_DOUBLE_EQ(gamma_bound(1000), 1000 * u / (1 - 1000 * u));
  EXPECT_GT(gamma_bound((1 << 24) - 1), 1e6);
  EXPECT_THROW(gamma_bound(1 << 24), std::invalid_argument);
}

TEST(Compare, AcceptsUpToTheBoundAndNoFurther) {
  const double bound = gamma_bound(10) * 4.0;
  const auto inside = static_cast<float>(1 + 0.9 * bound);
  const auto outside = static_cast<float>(1 + 1.5 * bound);
  EXPECT_TRUE(compare_one(1.0F, 1.0, 4.0).passed());
  EXPECT_TRUE(compare_one(inside, 1.0, 4.0).passed());
  EXPECT_FALSE(compare_one(outside, 1.0, 4.0).passed());
}

TEST(Compare, FailsForNanAndInfinity) {
  for (const float wrong : {kNan, kInfinity, -kInfinity}) {
    const Comparison outcome = compare_one(wrong, 1.0, 1.0);
    EXPECT_FALSE(outcome.passed());
    EXPECT_EQ(outcome.failures, 1);
    EXPECT_TRUE(std::isinf(outcome.largest_ratio));
    EXPECT_FALSE(std::isfinite(outcome.largest_error));
  }
  EXPECT_FALSE(compare_one(1.0F, double{kNan}, 1.0).passed());
  EXPECT_FALSE(compare_one(1.0F, 1.0, double{kNan}).passed());
  // A reference that overflowed proves nothing either: inf - inf is NaN.
  EXPECT_FALSE(compare_one(kInfinity, double{kInfinity}, 1.0).passed());
}

TEST(Compare, AZeroBoundWantsTheExactValue) {
  EXPECT_TRUE(compare_one(0.0F, 0.0, 0.0).passed());
  const Comparison off = compare_one(1e-30F, 0.0, 0.0);
  EXPECT_FALSE(off.passed());
  EXPECT_TRUE(std::isinf(off.largest_ratio));
}

TEST(Compare, OneNanAmongManyIsFoundWhereverItIs) {
  const std::vector<double> value(9, 1.0);
  for (std::size_t place = 0; place < value.size(); ++place) {
    std::vector<float> actual(9, 1.0F);
    actual[place] = kNan;
    const Comparison outcome = compare(actual, {value, value}, 3);
    EXPECT_EQ(outcome.failures, 1);
    EXPECT_EQ(outcome.worst_element, static_cast<std::int64_t>(place));
    EXPECT_TRUE(std::isnan(outcome.largest_error));
  }
}

TEST(Compare, RefusesDifferentLengths) {
  const std::vector<float> actual(3);
  const std::vector<double> three(3);
  const std::vector<double> two(2);
  EXPECT_THROW(compare(actual, {two, two}, 1), std::invalid_argument);
  EXPECT_THROW(compare(actual, {three, two}, 1), std::invalid_argument);
  EXPECT_THROW(compare({}, {two, two}, 1), std::invalid_argument);
}

TEST(Compare, NothingComparedIsNotPassed) {
  const Comparison nothing = compare({}, {{}, {}}, 1);
  EXPECT_EQ(nothing.elements, 0);
  EXPECT_FALSE(nothing.passed());
  EXPECT_EQ(describe(nothing), "nothing was compared");
}

TEST(Compare, HoldsForSumsInAnyOrder) {
  // The promise behind the bound: float32 sums of k products, forwards,
  // backwards and in pairs, all stay inside.
  constexpr std::size_t kTerms = 999;
  std::vector<float> a(kTerms);
  std::vector<float> b(kTerms);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random(seed, 0).fill_uniform(a, -1, 1);
    Random(seed, 1).fill_uniform(b, -3, 1);
    double value = 0;
    double magnitude = 0;
    float forwards = 0;
    float backwards = 0;
    float even = 0;
    float odd = 0;
    for (std::size_t i = 0; i < kTerms; ++i) {
      const double product = double{a[i]} * double{b[i]};
      value += product;
      magnitude += std::abs(product);
      forwards += a[i] * b[i];
      backwards += a[kTerms - 1 - i] * b[kTerms - 1 - i];
      (i % 2 == 0 ? even : odd) += a[i] * b[i];
    }
    const std::vector<float> actual{forwards, backwards, even + odd};
    const std::vector<double> values(3, value);
    const std::vector<double> magnitudes(3, magnitude);
    EXPECT_TRUE(compare(actual, {values, magnitudes}, kTerms).passed());
  }
}

TEST(Merge, KeepsTheWorseAndAddsUp) {
  const Comparison good = compare_one(1.0F, 1.0, 1.0);
  const Comparison bad = compare_one(2.0F, 1.0, 1.0);
  const Comparison nan = compare_one(kNan, 1.0, 1.0);
  for (const Comparison& merged : {merge(good, bad), merge(bad, good)}) {
    EXPECT_EQ(merged.elements, 2);
    EXPECT_EQ(merged.failures, 1);
    EXPECT_EQ(merged.largest_error, 1.0);
    EXPECT_EQ(merged.worst_actual, 2.0);
  }
  EXPECT_TRUE(std::isnan(merge(nan, bad).largest_error));
  EXPECT_TRUE(std::isnan(merge(bad, nan).largest_error));
  EXPECT_TRUE(merge(Comparison{}, good).passed());
}

TEST(Describe, SaysHowRightOrWhereWrong) {
  const std::string right = describe(compare_one(1.0F, 1.0, 1.0));
  EXPECT_NE(right.find("of the bound"), std::string::npos) << right;
  const std::string wrong = describe(compare_one(2.0F, 1.0, 1.0));
  EXPECT_NE(wrong.find("element 0: 2, expected 1"), std::string::npos) << wrong;
}

}  // namespace
}  // namespace cnn
