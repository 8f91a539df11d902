#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "common/timing.hpp"

namespace cnn {
namespace {

TEST(Summarise, FindsTheQuartilesOfKnownSamples) {
  const std::vector<double> samples{9, 1, 5, 3, 7};
  const Timing timing = summarise(samples, "warm");
  EXPECT_EQ(timing.minimum_s, 1);
  EXPECT_EQ(timing.q1_s, 3);
  EXPECT_EQ(timing.median_s, 5);
  EXPECT_EQ(timing.q3_s, 7);
  EXPECT_EQ(timing.repetitions, 5);
  EXPECT_EQ(timing.cache_state, "warm");
}

TEST(Summarise, InterpolatesBetweenNeighbours) {
  const std::vector<double> samples{4, 1, 3, 2};
  const Timing timing = summarise(samples, "");
  EXPECT_DOUBLE_EQ(timing.q1_s, 1.75);
  EXPECT_DOUBLE_EQ(timing.median_s, 2.5);
  EXPECT_DOUBLE_EQ(timing.q3_s, 3.25);
}

TEST(Summarise, TakesOneSampleButNotNone) {
  const double only = 2;
  const Timing timing = summarise({&only, 1}, "");
  EXPECT_EQ(timing.q1_s, 2);
  EXPECT_EQ(timing.median_s, 2);
  EXPECT_EQ(timing.q3_s, 2);
  EXPECT_THROW(summarise({}, ""), std::invalid_argument);
}

TEST(Enough, WantsTenOrHalfASecondAndThreeAlways) {
  const TimingPlan plan;
  EXPECT_FALSE(enough(plan, 1, 100));
  EXPECT_FALSE(enough(plan, 2, 100));
  EXPECT_TRUE(enough(plan, 3, 100));
  EXPECT_FALSE(enough(plan, 9, 0.4));
  EXPECT_TRUE(enough(plan, 10, 0.4));
  EXPECT_FALSE(enough(plan, 10, 0.01)) << "ten are few when they take no time";
  EXPECT_TRUE(enough(TimingPlan::quick(), 5, 0.05));
  EXPECT_TRUE(enough(TimingPlan::quick(), 3, 0.1));
}

TEST(TimeRepeated, WarmsUpAndRepeatsAtLeastTenTimes) {
  int calls = 0;
  const Timing timing = time_repeated([&] {
    ++calls;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  });
  EXPECT_GE(timing.repetitions, 10);
  EXPECT_GT(calls, timing.repetitions);
  EXPECT_GE(timing.minimum_s, 0.002);
  EXPECT_LE(timing.minimum_s, timing.q1_s);
  EXPECT_LE(timing.q1_s, timing.median_s);
  EXPECT_LE(timing.median_s, timing.q3_s);
  EXPECT_NE(timing.cache_state.find("warm"), std::string::npos);
}

TEST(TimeRepeated, BatchesWhatIsTooShortToTime) {
  long calls = 0;
  const Timing timing =
      time_repeated([&] { keep(&++calls); }, TimingPlan::quick());
  EXPECT_GT(timing.median_s, 0);
  EXPECT_LT(timing.median_s, 20e-6);
  EXPECT_GT(calls, 10L * timing.repetitions);
}

}  // namespace
}  // namespace cnn
