#include "common/cuda/check.hpp"

namespace cnn {

CudaError::CudaError(const std::string& call, cudaError_t code)
    : std::runtime_error(call + ": " + cudaGetErrorName(code) + ": " +
                         cudaGetErrorString(code)),
      code_(code) {}

}  // namespace cnn
