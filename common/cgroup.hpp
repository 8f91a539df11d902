/// @file
/// What a container allows this process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace cnn {

/// Limits set from outside; nothing where there is no limit.
struct CgroupLimits {
  std::optional<double> cores;  ///< share of processor time, 1.5 cores, say
  std::optional<std::int64_t> memory_bytes;
};

/// The tightest limits from this process's own cgroup up to the root; versions
/// 1 and 2. Files that are missing or odd are no limits.
/// @param root where /proc and /sys are found; tests give a folder of their own
CgroupLimits cgroup_limits(const std::filesystem::path& root = "/");

}  // namespace cnn
