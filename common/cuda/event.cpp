#include "common/cuda/event.hpp"

#include "common/cuda/check.hpp"

namespace cnn {
inline namespace CNN_GPU {

Event::Event() {
  cuda_check(cudaEventCreate(&event_), "cudaEventCreate");
}

Event::~Event() {
  cudaEventDestroy(event_);
}

void Event::record(const Stream& stream) const {
  cuda_check(cudaEventRecord(event_, stream.get()), "cudaEventRecord");
}

void Event::synchronize() const {
  cuda_check(cudaEventSynchronize(event_), "cudaEventSynchronize");
}

double Event::seconds_since(const Event& start) const {
  float milliseconds = 0;
  cuda_check(cudaEventElapsedTime(&milliseconds, start.event_, event_),
             "cudaEventElapsedTime");
  return double{milliseconds} / 1000;
}

}  // namespace CNN_GPU
}  // namespace cnn
