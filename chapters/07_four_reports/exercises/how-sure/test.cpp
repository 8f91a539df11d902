#include <gtest/gtest.h>

#include <vector>

#include "exercise.hpp"

namespace {

using namespace cnn;
using Times = std::vector<double>;

void expect_interval(const Interval& found, double low, double high) {
  EXPECT_DOUBLE_EQ(found.low, low);
  EXPECT_DOUBLE_EQ(found.high, high);
}

TEST(SpeedupInterval, TimesThatDoNotScatterLeaveNoDoubt) {
  expect_interval(speedup_interval(Times{6, 6, 6}, Times{2, 2}, 1), 3, 3);
}

// What is drawn of 1, 1, 4 is all fours once in 27 times, and all ones 8 times
// in 27: with 10,000 draws far from 2.5 per cent for any source of chance.
TEST(SpeedupInterval, CutsOffNoMoreThanTwoAndAHalfPerCent) {
  expect_interval(speedup_interval(Times{1, 1, 4}, Times{1}, 2), 1, 4);
}

// All sixes once in 98 times, which goes; four of five or more, 8.7 per cent.
TEST(SpeedupInterval, CutsOffNoLess) {
  expect_interval(speedup_interval(Times{1, 1, 1, 6, 6}, Times{1}, 3), 1, 5);
}

TEST(SpeedupInterval, TheFastOnesScatterToo) {
  expect_interval(speedup_interval(Times{4}, Times{1, 1, 4}, 4), 1, 4);
}

// The mean of both together is 1 or 2 with a chance of 1/16 each.
TEST(SpeedupInterval, TheTwoAreDrawnIndependently) {
  expect_interval(speedup_interval(Times{1, 2}, Times{1, 2}, 5), 0.5, 2);
}

TEST(SpeedupInterval, OneTimeIsNoKnowledgeAndLooksLikeCertainty) {
  const double ratio = 350.68 / 352.21;  // report 001
  expect_interval(speedup_interval(Times{350.68}, Times{352.21}, 6), ratio,
                  ratio);
}

TEST(SpeedupInterval, TheSameSeedGivesTheSame) {
  const Times slow{8.1, 7.9, 8.6, 8.0, 9.2};
  const Times fast{1.1, 1.0, 1.3, 0.9};
  const Interval first = speedup_interval(slow, fast, 7);
  expect_interval(speedup_interval(slow, fast, 7), first.low, first.high);
  EXPECT_LT(first.low, first.high);
}

}  // namespace
