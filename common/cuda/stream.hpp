/// @file
/// A queue of work for the GPU.
#pragma once

#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// Owns a CUDA stream that does not wait for the default stream. Work in one
/// stream runs in order; the host goes on at once.
class Stream {
 public:
  /// Throws CudaError.
  Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();

  cudaStream_t get() const { return stream_; }
  /// Waits until all work so far is done. Throws CudaError, also for what that
  /// work did wrong.
  void synchronize() const;

 private:
  cudaStream_t stream_ = nullptr;
};

}  // namespace CNN_GPU
}  // namespace cnn
