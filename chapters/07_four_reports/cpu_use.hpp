// region quiet: includes
#pragma once

#include <functional>

namespace cnn {
// endregion

// region cpu-use
/// How busy this process kept the machine's cores.
struct CpuUse {
  double wall_seconds = 0;
  double cpu_seconds =
      0;  ///< of all its threads, in the program and the system

  /// How many cores were busy, on average.
  double cores() const { return cpu_seconds / wall_seconds; }
};

/// Runs something and asks the system what it took.
CpuUse measure_cpu_use(const std::function<void()>& run);

}  // namespace cnn
// endregion
