// region quiet: includes
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chapters/06_tiled_cuda_adam/product_plan.hpp"
#include "chapters/06_tiled_cuda_adam/product_problem.hpp"
#include "chapters/06_tiled_cuda_adam/workbench.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region product-trials
/// A way to multiply, `multiply`, at the sizes of `sizes`.
NamedTrial product_trial(const std::shared_ptr<ProductProblem>& problem,
                         const Product& sizes, const ProductForm& form,
                         std::string id, std::string label,
                         std::function<void(const Product&)> multiply);
/// The tuned kernel, cut up like this; "planned".
NamedTrial plan_trial(const std::shared_ptr<ProductProblem>& problem,
                      const Product& sizes, const ProductForm& form,
                      const ProductPlan& plan);
/// All steps from this one on.
std::vector<NamedTrial> step_trials(
    const std::shared_ptr<ProductProblem>& problem, const Product& sizes,
    int first_step);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
