// region quiet: includes
#include "chapters/05_naive_cuda/naive_backend.hpp"

#include "chapters/05_naive_cuda/worlds.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region naive-description
std::string NaiveBackend::description() const {
  return CudaBackend::description() + ", one thread for each output";
}

}  // namespace CNN_GPU
// endregion

// region naive-worlds
#ifdef COURSE_SIMT
std::unique_ptr<Backend> make_naive_backend_emulated() {
  return std::make_unique<NaiveBackend>();
}
#else
std::unique_ptr<Backend> make_naive_backend_on_gpu() {
  return std::make_unique<NaiveBackend>();
}
#endif

}  // namespace cnn
// endregion
