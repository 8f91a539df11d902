#include "common/cuda/check.hpp"

namespace cnn {
inline namespace CNN_GPU {

CudaError::CudaError(const std::string& call, cudaError_t code)
    : std::runtime_error(call + ": " + cudaGetErrorName(code) + ": " +
                         cudaGetErrorString(code)),
      code_(code) {}

}  // namespace CNN_GPU
}  // namespace cnn
