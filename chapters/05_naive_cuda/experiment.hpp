// region quiet: includes
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "chapters/05_naive_cuda/device.hpp"
#include "common/error_bound.hpp"
#include "common/timing.hpp"
#include "common/work.hpp"

namespace cnn {
// endregion

// region experiment
/// One launch of a small kernel, to be checked once and then timed.
struct Trial {
  double place = 0;  ///< what is varied: a stride, a number of threads
  Work work;         ///< of one launch
  /// How many steps a thread takes one after the other; 0: not counted.
  std::int64_t steps = 0;
  /// Launches once, and compares everything that was written.
  std::function<Comparison()> check;
  /// Launches again and again, by the GPU's own clock.
  std::function<Timing(const TimingPlan&)> time;
};

/// A question to the GPU: launches that differ in one thing only.
struct Series {
  std::string id;      ///< of its results: "coalescing/stride"
  std::string label;   ///< "reading with a stride"
  std::string varied;  ///< what place is: "stride, floats"
  std::vector<Trial> trials;
};

/// Small and ragged, or large enough for a clock.
enum class Scale { kCheck, kTime };
// endregion

// region host-clock-results
/// What it costs to launch a kernel that does nothing.
struct LaunchCost {
  Timing asked;         ///< until launch() comes back, by the host's clock
  Timing back_to_back;  ///< from one to the next in a stream, by the GPU's
  Timing waited;        ///< launched and waited for, by the host's clock
};

/// Copies of so many bytes, waited for, by the host's clock.
struct CopyTimes {
  std::int64_t bytes = 0;
  Timing pageable_to_device, pinned_to_device;
  Timing pageable_to_host, pinned_to_host;
};

/// How long the host is held up by asking for a copy that it does not wait for.
struct CopyAsked {
  double pageable_s = 0;
  double pinned_s = 0;
};
// endregion

// region laboratory
/// Everything that needs kernels or the CUDA runtime, in one of the worlds.
struct Laboratory {
  /// One at a time: an experiment's memory lives as long as the experiment.
  std::vector<Series (*)(Scale)> experiments;
  /// Asking for a kernel, and waiting for it.
  LaunchCost (*launch_cost)(const TimingPlan& plan);
  /// From and to both kinds of memory, each copy waited for.
  CopyTimes (*time_copies)(std::int64_t bytes, const TimingPlan& plan);
  /// To the device, not waited for.
  CopyAsked (*ask_for_copies)(std::int64_t bytes);
  /// To the device and back, in both kinds of memory: bytes that changed.
  std::int64_t (*changed_by_copies)(std::int64_t bytes);
  /// By events in the stream of a backend that make_naive_backend() made for
  /// this world.
  Timing (*time_by_events)(Backend& backend, const std::function<void()>& run,
                           const TimingPlan& plan);
};

/// Where kernels can run: see usable_devices(). Throws SkipError with why_not()
/// elsewhere.
Laboratory make_laboratory(Device device);
/// The same lines of laboratory.cu, compiled by nvcc and for the emulator; only
/// make_laboratory() calls them.
Laboratory make_laboratory_on_gpu();
/// See above.
Laboratory make_laboratory_emulated();

}  // namespace cnn
// endregion
