#include "common/cuda/stream.hpp"

#include "common/cuda/check.hpp"

namespace cnn {
inline namespace CNN_GPU {

Stream::Stream() {
  cuda_check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking),
             "cudaStreamCreateWithFlags");
}

Stream::~Stream() {
  cudaStreamDestroy(stream_);
}

void Stream::synchronize() const {
  cuda_check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize");
}

}  // namespace CNN_GPU
}  // namespace cnn
