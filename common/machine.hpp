/// @file
/// What this program runs on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cnn {

/// A data or unified cache that one core sees.
struct Cache {
  int level = 0;
  std::int64_t bytes = 0;
};

/// The CUDA device in use.
struct Gpu {
  std::string name;
  std::string compute_capability;  ///< "9.0"
  std::int64_t memory_bytes = 0;
  std::string driver;   ///< newest CUDA version the driver supports, "13.0"
  std::string runtime;  ///< CUDA version this program was built with
  int multiprocessors = 0;
};

/// The machine, as this process may use it.
struct Machine {
  std::string name;       ///< "AMD EPYC, 2 cores"
  std::string cpu_model;  ///< as the processor calls itself
  int cores = 1;          ///< processors that this process may use
  std::string isa;        ///< widest vector instructions compiled in
  std::string march;      ///< -march the program was compiled with
  std::vector<Cache> caches;
  std::int64_t memory_bytes = 0;  ///< physical, or the cgroup's limit
  std::string system;             ///< "Debian GNU/Linux 12, Linux 6.1.0"
  std::optional<Gpu> gpu;
  std::string gpu_absent_because;  ///< one sentence; empty when there is one
};

/// Looks at /proc, /sys, the scheduler's affinity mask and the cgroup's limits.
/// Never throws for something it cannot find out: that stays empty or 0.
/// @param no_gpu do not even look for a GPU
Machine describe_machine(bool no_gpu = false);

/// Processors this process may use at once: the affinity mask, and the cgroup's
/// share of time rounded up; at least 1.
int usable_cores();

/// The CUDA device 0, or nothing and one sentence saying why. Asks the CUDA
/// runtime when the program was built with it.
std::optional<Gpu> describe_gpu(std::string& why_not);

}  // namespace cnn
