// region quiet: includes
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "chapters/05_naive_cuda/experiment.hpp"
#include "common/cuda/buffer.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region experiments-by-name
/// Which bytes go together: floats that lie so far apart.
Series strides(Scale scale);
/// The same side by side, from a start that is no multiple of a sector.
Series misaligned_starts(Scale scale);
/// How long one load takes, in memory of so many bytes.
Series latency(Scale scale);
/// How many threads it takes to keep the memory busy: a load each,
Series loads_in_flight(Scale scale);
/// and a load of four floats each.
Series wide_loads_in_flight(Scale scale);
/// How many it takes for the arithmetic: a chain of multiply-adds each,
Series chains_in_flight(Scale scale);
/// and four chains each.
Series four_chains_in_flight(Scale scale);
/// A copy in blocks of so many threads.
Series block_sizes(Scale scale);
/// Neighbouring lanes go so many different ways;
Series divergence_by_lane(Scale scale);
/// whole warps do.
Series divergence_by_warp(Scale scale);
/// So many multiply-adds on each float that is read.
Series arithmetic_per_float(Scale scale);

/// Those of Laboratory.
LaunchCost launch_cost(const TimingPlan& plan);
/// As above.
CopyTimes time_copies(std::int64_t bytes, const TimingPlan& plan);
/// As above.
CopyAsked ask_for_copies(std::int64_t bytes);
/// As above.
std::int64_t changed_by_copies(std::int64_t bytes);
// endregion

// region bench
/// What a kernel of an experiment reads and writes.
struct Bench {
  Stream stream;
  DeviceBuffer<float> from;  ///< element i holds pattern(i)
  DeviceBuffer<float> to;

  /// Throws InputError when the GPU has too little memory.
  Bench(std::int64_t read, std::int64_t written);
};

/// Small whole numbers: sums of thousands of them are exact in float32, in any
/// order, so that results can be compared to the last bit. Their period is a
/// prime: no stride meets the same number again and again.
inline constexpr std::int64_t kPatternPeriod = 1021;
/// What element i holds.
inline double pattern(std::int64_t element) {
  return static_cast<double>(element % kPatternPeriod);
}
// endregion

// region trial-declarations
/// What a trial's launch has to leave in Bench::to.
struct Written {
  std::int64_t count = 0;
  std::function<double(std::int64_t)> expected;
};

/// A trial of a kernel on a bench. `enqueue` gets the number of the launch, so
/// that it may read another part of the memory each time; launch 0 is checked.
Trial make_trial(double place, const Work& work, std::shared_ptr<Bench> bench,
                 std::function<void(std::int64_t launch)> enqueue,
                 Written written);

/// For `threads` threads in blocks of `block`, the last one maybe not full.
unsigned blocks_for(std::int64_t threads, int block);

/// The largest power of two that is at most `wanted` and takes at most half of
/// the GPU's free memory at `bytes` each.
std::int64_t that_fit(std::int64_t wanted, std::int64_t bytes);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
