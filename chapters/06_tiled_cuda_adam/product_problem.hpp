// region quiet: includes
#pragma once

#include <cstdint>
#include <vector>

#include "chapters/06_tiled_cuda_adam/product.hpp"
#include "common/cuda/buffer.hpp"
#include "common/cuda/stream.hpp"
#include "common/error_bound.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region product-problem
/// Random factors on the host and on the GPU, and room for their product.
class ProductProblem {
 public:
  /// @param capacity elements of each matrix, at most
  /// @param scratch floats for the parts of a plan, see scratch_floats()
  ProductProblem(std::int64_t capacity, std::int64_t scratch);

  /// The same numbers as matrices of these sizes, without gaps. c is filled
  /// with NaN first.
  Product product(int m, int n, int k, const ProductForm& form);
  /// Compares some elements of c, all over it, with float64.
  Comparison judge(const Product& product, const ProductForm& form);

  const Stream& stream() const { return stream_; }
  const std::vector<float>& a() const { return a_; }
  const std::vector<float>& b() const { return b_; }
  float* scratch() { return scratch_.data(); }
  std::int64_t scratch_size() const {
    return static_cast<std::int64_t>(scratch_.size());
  }

 private:
  Stream stream_;
  std::vector<float> a_;
  std::vector<float> b_;
  DeviceBuffer<float> device_a_;
  DeviceBuffer<float> device_b_;
  DeviceBuffer<float> device_c_;
  DeviceBuffer<float> scratch_;
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
