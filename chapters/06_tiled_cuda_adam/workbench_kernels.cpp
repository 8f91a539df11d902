// region quiet: includes
#include <algorithm>
#include <memory>
#include <vector>

#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_trials.hpp"
#include "chapters/06_tiled_cuda_adam/product_trials.hpp"
#include "chapters/06_tiled_cuda_adam/workbench.hpp"
#include "common/cuda/check.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region workbench-products
namespace {

/// Each product on numbers of its own; the trials share them.
std::vector<NamedTrial> products(const ProductSizes& sizes, int first_step) {
  const auto [m, n, k] = sizes;
  const std::int64_t capacity =
      std::max({std::int64_t{m} * k, std::int64_t{k} * n, std::int64_t{m} * n});
  const ProductPlan plan = plan_product(m, n, k, multiprocessors());
  const auto problem =
      std::make_shared<ProductProblem>(capacity, scratch_floats(m, n, plan));
  const Product product{.m = m, .n = n, .k = k};
  auto trials = step_trials(problem, product, first_step);
  trials.push_back(plan_trial(problem, product, {}, plan));
  return trials;
}
// endregion

// region workbench-convolutions
NamedTrial convolution(const std::shared_ptr<const RandomProblem>& problem,
                       ConvolutionPass pass) {
  const auto prepared = std::make_shared<ConvolutionProblem>(problem, pass);
  return convolution_trial(
      prepared, choose_plan(problem->geometry, pass, multiprocessors()));
}

std::vector<NamedTrial> all_convolutions(
    const std::shared_ptr<const RandomProblem>& problem, ConvolutionPass pass) {
  const auto prepared = std::make_shared<ConvolutionProblem>(problem, pass);
  std::vector<NamedTrial> trials;
  for (const ConvolutionPlan& plan :
       possible_plans(problem->geometry, pass, multiprocessors())) {
    trials.push_back(convolution_trial(prepared, plan));
  }
  return trials;
}
// endregion

// region workbench-made
std::int64_t used_bytes() {
  std::size_t free_bytes = 0;
  std::size_t total_bytes = 0;
  cuda_check(cudaMemGetInfo(&free_bytes, &total_bytes), "cudaMemGetInfo");
  return static_cast<std::int64_t>(total_bytes - free_bytes);
}

}  // namespace
}  // namespace CNN_GPU

#ifdef COURSE_SIMT
Workbench make_workbench_emulated() {
#else
Workbench make_workbench_on_gpu() {
#endif
  return {products, convolution, all_convolutions, used_bytes};
}

}  // namespace cnn
// endregion
