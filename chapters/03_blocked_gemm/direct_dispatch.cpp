// region quiet: includes
#include "chapters/03_blocked_gemm/direct_kernels.hpp"

namespace cnn {
// endregion

// region direct-dispatch
const DirectKernels& direct_kernels(Isa isa) {
#ifdef __x86_64__
  if (isa == Isa::kAvx512) return avx512::direct_kernels();
  if (isa == Isa::kAvx2) return avx2::direct_kernels();
#else
  static_cast<void>(isa);  // there is only one
#endif
  return portable::direct_kernels();
}

}  // namespace cnn
// endregion
