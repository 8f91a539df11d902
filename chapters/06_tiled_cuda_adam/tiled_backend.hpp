// region quiet: includes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/06_tiled_cuda_adam/adam.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"
#include "chapters/06_tiled_cuda_adam/product_plan.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-backend
/// The backend of this chapter: chapter 5's, with every operation that pays
/// written anew. Plans are made when an operation is reserved; operations share
/// one workspace, as large as the largest of them needs, since they run one
/// after the other.
class TiledBackend : public NaiveBackend, public AdamBackend {
 public:
  TiledBackend();

  std::string description() const override;
  void adam_step(std::int64_t count, const AdamNumbers& numbers,
                 ConstArray gradients, Array first_moments,
                 Array second_moments, Array parameters) override;
};
// endregion

}  // namespace CNN_GPU
}  // namespace cnn
