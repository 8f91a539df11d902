/// @file
/// A mark in a stream, with the time at which the GPU passed it.
#pragma once

#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

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

}  // namespace CNN_GPU
}  // namespace cnn
