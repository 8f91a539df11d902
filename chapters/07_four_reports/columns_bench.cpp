// region quiet: includes
#include "chapters/07_four_reports/columns_bench.hpp"

#include "common/errors.hpp"

namespace cnn {
// endregion

// region make-columns-bench
ColumnsBench make_columns_bench(Device device) {
  const std::string reason = why_not(device);
#ifdef COURSE_HAS_CUDA
  if (device == Device::kGpu && reason.empty()) {
    return make_columns_bench_on_gpu();
  }
#endif
#ifdef COURSE_HAS_SIMT
  if (device == Device::kEmulator && reason.empty()) {
    return make_columns_bench_emulated();
  }
#endif
  throw SkipError(reason);
}

}  // namespace cnn
// endregion
