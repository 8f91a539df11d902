#include "common/cgroup.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace cnn {

namespace {

namespace fs = std::filesystem;

/// The first two numbers of a file; a word such as "max" ends the list.
std::vector<double> numbers_in(const fs::path& file) {
  std::ifstream stream(file);
  std::vector<double> numbers;
  for (double number = 0; numbers.size() < 2 && stream >> number;) {
    numbers.push_back(number);
  }
  return numbers;
}

template <class T>
void tighten(std::optional<T>& limit, T found) {
  limit = limit ? std::min(*limit, found) : found;
}

void tighten_cores(CgroupLimits& limits, double quota, double period) {
  if (quota > 0 && period > 0) tighten(limits.cores, quota / period);
}

void tighten_memory(CgroupLimits& limits, const fs::path& file) {
  // Version 1 says "no limit" with a number close to 2^63.
  constexpr double kNoLimit = 0x1p60;
  const auto bytes = numbers_in(file);
  if (!bytes.empty() && bytes[0] > 0 && bytes[0] < kNoLimit) {
    tighten(limits.memory_bytes, static_cast<std::int64_t>(bytes[0]));
  }
}

void read_group(CgroupLimits& limits, const fs::path& group) {
  const auto share = numbers_in(group / "cpu.max");  // version 2
  if (share.size() == 2) tighten_cores(limits, share[0], share[1]);
  tighten_memory(limits, group / "memory.max");

  const auto quota = numbers_in(group / "cpu.cfs_quota_us");  // version 1
  const auto period = numbers_in(group / "cpu.cfs_period_us");
  if (!quota.empty() && !period.empty()) {
    tighten_cores(limits, quota[0], period[0]);
  }
  tighten_memory(limits, group / "memory.limit_in_bytes");
}

}  // namespace

CgroupLimits cgroup_limits(const fs::path& root) {
  CgroupLimits limits;
  const fs::path hierarchies = root / "sys/fs/cgroup";
  std::ifstream groups(root / "proc/self/cgroup");
  // Lines such as "4:memory:/path" (version 1) or "0::/path" (version 2).
  for (std::string line; std::getline(groups, line);) {
    std::istringstream fields(line);
    std::string number, controllers, path;
    std::getline(fields, number, ':');
    std::getline(fields, controllers, ':');
    std::getline(fields, path);
    const fs::path top = hierarchies / controllers;
    fs::path group = fs::path(path).relative_path();
    // A container may see its own group as the root: try every level.
    for (;; group = group.parent_path()) {
      read_group(limits, top / group);
      if (group.empty()) break;
    }
  }
  return limits;
}

}  // namespace cnn
