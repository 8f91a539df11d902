/// @file
/// No CUDA call goes unchecked.
#pragma once

#include <stdexcept>
#include <string>

#include "common/cuda/runtime.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// A CUDA call failed. The message names the call, the error and what CUDA says
/// about it.
class CudaError : public std::runtime_error {
 public:
  CudaError(const std::string& call, cudaError_t code);
  cudaError_t code() const { return code_; }

 private:
  cudaError_t code_;
};

/// Throws CudaError unless `status` is cudaSuccess.
/// @param call what was called, for the message: "cudaMemcpyAsync"
inline void cuda_check(cudaError_t status, const char* call) {
  if (status != cudaSuccess) throw CudaError(call, status);
}

}  // namespace CNN_GPU
}  // namespace cnn
