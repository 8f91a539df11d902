#include "common/simt/launch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "common/machine.hpp"
#include "common/simt/describe.hpp"
#include "common/simt/device_memory.hpp"
#include "common/simt/limits.hpp"
#include "common/simt/symbols.hpp"
#include "common/simt/trace.hpp"

namespace cnn::simt {
namespace {

std::atomic<int> wanted_threads = 0;
std::atomic<Order> wanted_order = Order::kForward;

/// The blocks of one grid, shared out among CPU threads in their order.
class Dispatcher {
 public:
  Dispatcher(const Grid& grid, Trace* trace)
      : grid_(grid),
        trace_(trace),
        count_(std::uint64_t{grid.blocks.x} * grid.blocks.y * grid.blocks.z) {}

  std::uint64_t count() const { return count_; }

  /// What each CPU thread does.
  void work() {
    Block block(grid_, trace_);
    while (!stopped_) {
      const std::uint64_t number = next_++;
      if (number >= count_) break;
      const dim3& size = grid_.blocks;
      const dim3 index(static_cast<unsigned>(number % size.x),
                       static_cast<unsigned>(number / size.x % size.y),
                       static_cast<unsigned>(number / size.x / size.y));
      if (const auto raw = block.run(index)) {
        report(number, describe(*raw, block));
        break;
      }
    }
  }

  /// Blocks before a faulty one have been begun before it and are done by now:
  /// the first fault is the same for any number of CPU threads.
  void rethrow() const {
    if (fault_) throw KernelFault(*fault_);
  }

 private:
  void report(std::uint64_t number, Fault fault) {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (fault_ && number > faulty_) return;
    faulty_ = number;
    fault_ = std::move(fault);
  }

  const Grid& grid_;
  Trace* trace_;
  std::uint64_t count_;
  std::atomic<std::uint64_t> next_ = 0;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::uint64_t faulty_ = 0;
  std::optional<Fault> fault_;
};

int cpu_threads(std::uint64_t blocks) {
  if (tracing()) return 1;
  static const int cores = usable_cores();
  const int wanted = wanted_threads == 0 ? cores : wanted_threads.load();
  return static_cast<int>(std::min(static_cast<std::uint64_t>(wanted), blocks));
}

void check_guard_zones(const Grid& grid) {
  const Allocation* overrun = overrun_allocation();
  if (overrun == nullptr) return;
  Fault fault;
  fault.kind = FaultKind::kGuardZone;
  fault.kernel = kernel_name(grid.kernel);
  fault.text = fmt::format(
      "kernel {}: something was written just outside of an allocation of {} "
      "bytes. Look for an index that is not compared with the size; the "
      "address sanitizer (preset sanitize) or the microscope name the line.",
      fault.kernel, overrun->bytes);
  throw KernelFault(std::move(fault));
}

}  // namespace

void set_cpu_threads(int threads) {
  wanted_threads = std::max(0, threads);
}

void set_order(Order order) {
  wanted_order = order;
}

cudaError_t run(Grid grid) {
  const cudaError_t refused =
      check_limits(grid.kernel, grid.blocks, grid.threads, grid.shared_bytes);
  if (refused != cudaSuccess) return set_last_error(refused);
  grid.order = wanted_order;
  const std::unique_ptr<Trace> trace = Trace::begin(grid);
  Dispatcher dispatcher(grid, trace.get());
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < cpu_threads(dispatcher.count()); ++i) {
      others.emplace_back([&] { dispatcher.work(); });
    }
    dispatcher.work();
  }
  dispatcher.rethrow();
  check_guard_zones(grid);
  if (trace) trace->end();
  return cudaSuccess;
}

}  // namespace cnn::simt
