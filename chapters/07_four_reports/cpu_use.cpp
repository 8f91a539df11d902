// region quiet: includes
#include "chapters/07_four_reports/cpu_use.hpp"

#include <sys/resource.h>

#include <chrono>

namespace cnn {
// endregion

// region measure-cpu-use
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         1e-6 * static_cast<double>(time.tv_usec);
}

/// Since the process began.
double cpu_seconds_so_far() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

CpuUse measure_cpu_use(const std::function<void()>& run) {
  const double before = cpu_seconds_so_far();
  const auto start = std::chrono::steady_clock::now();
  run();
  const std::chrono::duration<double> wall =
      std::chrono::steady_clock::now() - start;
  return {wall.count(), cpu_seconds_so_far() - before};
}

}  // namespace cnn
// endregion
