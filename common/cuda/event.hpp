/// @file
/// A mark in a stream, with the time at which the GPU passed it.
#pragma once

#include <cuda_runtime_api.h>

#include "common/cuda/stream.hpp"

namespace cnn {

/// Owns a CUDA event with timing.
class Event {
 public:
  /// Throws CudaError.
  Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event();

  /// Puts the mark behind the work that is in `stream` now.
  void record(const Stream& stream) const;
  /// Waits until the GPU has passed the mark.
  void synchronize() const;
  /// Seconds the GPU took from `start` to this mark, to half a microsecond.
  /// Both must have been passed.
  double seconds_since(const Event& start) const;

 private:
  cudaEvent_t event_ = nullptr;
};

}  // namespace cnn
