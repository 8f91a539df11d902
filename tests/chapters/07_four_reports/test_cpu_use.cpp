#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "chapters/07_four_reports/cpu_use.hpp"

namespace cnn {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kWhile{200};

void compute() {
  const auto end = Clock::now() + kWhile;
  while (Clock::now() < end) {
  }
}

TEST(CpuUse, SleepingIsNoWork) {
  const CpuUse use =
      measure_cpu_use([] { std::this_thread::sleep_for(kWhile); });
  EXPECT_GE(use.wall_seconds, 0.2);
  EXPECT_LT(use.cores(), 0.5);
}

// However busy the machine is with others: what we got is what is counted.
TEST(CpuUse, IsNoMoreThanTheThreadsThatRan) {
  const CpuUse use = measure_cpu_use(compute);
  EXPECT_GT(use.cpu_seconds, 0);
  EXPECT_LE(use.cores(), 1.1);
}

TEST(CpuUse, AddsUpAllThreads) {
  const CpuUse one = measure_cpu_use(compute);
  const CpuUse four = measure_cpu_use([] {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(compute);
    for (std::thread& thread : threads) thread.join();
  });
  EXPECT_GT(four.cpu_seconds, 0);
  if (std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "one core";
  EXPECT_GT(four.cores(), one.cores());
}

}  // namespace
}  // namespace cnn
