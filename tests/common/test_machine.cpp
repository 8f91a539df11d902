#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "common/build_info.hpp"
#include "common/cgroup.hpp"
#include "common/machine.hpp"
#include "common/peaks.hpp"
#include "common/team.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

TEST(Machine, IsDescribed) {
  const Machine machine = describe_machine();
  EXPECT_FALSE(machine.name.empty());
  EXPECT_FALSE(machine.cpu_model.empty());
  EXPECT_FALSE(machine.system.empty());
  EXPECT_FALSE(machine.isa.empty());
  EXPECT_GE(machine.cores, 1);
  EXPECT_GT(machine.memory_bytes, 0);
  EXPECT_NE(machine.gpu.has_value(), !machine.gpu_absent_because.empty());
}

TEST(Machine, LeavesTheGpuAloneWhenTold) {
  const Machine machine = describe_machine(true);
  EXPECT_FALSE(machine.gpu);
  EXPECT_EQ(machine.gpu_absent_because, "--no-gpu was given");
}

TEST(UsableCores, FollowTheAffinityMask) {
  int cores = 0;
  // On a thread of its own, because the mask stays.
  std::thread([&] {
    cpu_set_t mask;
    ASSERT_EQ(sched_getaffinity(0, sizeof(mask), &mask), 0);
    int first = 0;
    while (!CPU_ISSET(first, &mask)) ++first;
    CPU_ZERO(&mask);
    CPU_SET(first, &mask);
    ASSERT_EQ(sched_setaffinity(0, sizeof(mask), &mask), 0);
    cores = usable_cores();
  }).join();
  EXPECT_EQ(cores, 1);
}

TEST(Cgroup, Version2TakesTheTightestOfAllLevels) {
  const TemporaryFolder root;
  const auto groups = root.path() / "sys/fs/cgroup";
  write_text(root.path() / "proc/self/cgroup", "0::/outer/inner\n");
  write_text(groups / "outer/cpu.max", "150000 100000\n");
  write_text(groups / "outer/memory.max", "max\n");
  write_text(groups / "outer/inner/cpu.max", "max 100000\n");
  write_text(groups / "outer/inner/memory.max", "1048576\n");
  const CgroupLimits limits = cgroup_limits(root.path());
  EXPECT_EQ(limits.cores, 1.5);
  EXPECT_EQ(limits.memory_bytes, 1048576);
}

TEST(Cgroup, Version1KnowsItsOwnFiles) {
  const TemporaryFolder root;
  const auto groups = root.path() / "sys/fs/cgroup";
  write_text(root.path() / "proc/self/cgroup",
             "4:memory:/job\n2:cpu,cpuacct:/job\n");
  write_text(groups / "memory/job/memory.limit_in_bytes", "4096\n");
  write_text(groups / "memory/memory.limit_in_bytes", "9223372036854771712\n");
  write_text(groups / "cpu,cpuacct/cpu.cfs_quota_us", "300000\n");
  write_text(groups / "cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  write_text(groups / "cpu,cpuacct/job/cpu.cfs_quota_us", "-1\n");
  write_text(groups / "cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
  const CgroupLimits limits = cgroup_limits(root.path());
  EXPECT_EQ(limits.cores, 3.0);
  EXPECT_EQ(limits.memory_bytes, 4096);
}

TEST(Cgroup, MissingAndOddFilesAreNoLimits) {
  const TemporaryFolder root;
  EXPECT_FALSE(cgroup_limits(root.path()).cores);
  write_text(root.path() / "proc/self/cgroup", "nonsense\n\n0::/\n");
  write_text(root.path() / "sys/fs/cgroup/cpu.max", "nonsense\n");
  write_text(root.path() / "sys/fs/cgroup/memory.max", "");
  const CgroupLimits limits = cgroup_limits(root.path());
  EXPECT_FALSE(limits.cores);
  EXPECT_FALSE(limits.memory_bytes);
}

TEST(BuildInfo, KnowsItsCompiler) {
  EXPECT_NE(build_info().compiler.find("++"), std::string::npos);
  EXPECT_FALSE(build_info().commit.empty());
}

TEST(Peaks, MultiplyAddsComputeWhatTheyAreCreditedWith) {
  double flop = 0;
  const float sum = fused_multiply_adds(20'000, flop);
  // Each chain runs towards term / (1 - factor) = 1, so the sum towards the
  // number of chains' lanes, half the FLOP of one iteration.
  const double chains = flop / 20'000 / 2;
  EXPECT_EQ(chains, std::floor(chains));
  EXPECT_GE(chains, 4);
  EXPECT_NEAR(double{sum}, chains, 1e-3 * chains);
  double twice = 0;
  fused_multiply_adds(40'000, twice);
  EXPECT_EQ(twice, 2 * flop);
}

TEST(Peaks, VectorSumReadsEveryElementOnce) {
  for (const std::size_t size : {0U, 256U, 512U, 2560U}) {
    std::vector<float> values(size);
    float expected = 0;
    for (std::size_t i = 0; i < size; ++i) {
      values[i] = static_cast<float>(i % 17);  // all sums are exact
      expected += values[i];
    }
    EXPECT_EQ(vector_sum(values), expected) << size;
  }
  EXPECT_THROW(vector_sum(std::vector<float>(255)), std::invalid_argument);
}

TEST(Peaks, AreMeasuredAndPlausible) {
  const Peaks peaks = measure_peaks(describe_machine(true), 2, true);
  for (const double peak :
       {peaks.cpu_1_flops, peaks.cpu_all_flops, peaks.cpu_1_bytes_per_s,
        peaks.cpu_all_bytes_per_s, peaks.cpu_1_copy_bytes_per_s,
        peaks.cpu_all_copy_bytes_per_s, peaks.cpu_1_l1_bytes_per_s,
        peaks.cpu_1_l2_bytes_per_s}) {
    EXPECT_GT(peak, 1e6);
    EXPECT_LT(peak, 1e15);
  }
  EXPECT_TRUE(std::isnan(peaks.gpu_fp32_flops));
  EXPECT_GE(peaks.cpu_all_threads, 1);
}

TEST(ShortestRound, RunsEveryThreadOnceARound) {
  std::atomic<int> calls{0};
  std::vector<int> by_thread(3);
  const double round = shortest_round(3, 0.01, [&](int thread) {
    ++calls;
    ++by_thread[static_cast<std::size_t>(thread)];
  });
  EXPECT_GT(round, 0);
  EXPECT_LT(round, 1);
  EXPECT_EQ(by_thread[0], by_thread[1]);
  EXPECT_EQ(by_thread[0], by_thread[2]);
  EXPECT_EQ(calls, 3 * by_thread[0]);
}

}  // namespace
}  // namespace cnn
