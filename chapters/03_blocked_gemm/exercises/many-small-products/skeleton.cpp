#include <vector>

#include "chapters/03_blocked_gemm/gemm.hpp"
#include "chapters/03_blocked_gemm/parallel.hpp"
#include "exercise.hpp"

namespace cnn {

void multiply_batch(const StridedView<const float>& a,
                    const StridedView<const float>& b,
                    const StridedView<float>& c, int threads) {
  const std::int64_t batch = c.shape()[0];
  // your code here
}

}  // namespace cnn
