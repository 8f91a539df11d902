/// @file
/// How long work takes on the GPU, by the GPU's own clock.
#pragma once

#include <functional>

#include "common/cuda/stream.hpp"
#include "common/timing.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// Times what `enqueue` puts into `stream`: an event before, an event after,
/// the difference by the GPU's clock. Warm-up, number of repetitions and
/// quartiles as in time_repeated. One repetition is as many calls as take some
/// 200 microseconds, so that the events and the first launch, a few
/// microseconds together, hardly show; gaps between launches do. Throws
/// CudaError.
Timing time_on_gpu(const Stream& stream, const std::function<void()>& enqueue,
                   const TimingPlan& plan = {});

}  // namespace CNN_GPU
}  // namespace cnn
