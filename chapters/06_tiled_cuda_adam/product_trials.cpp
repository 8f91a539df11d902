// region quiet: includes
#include "chapters/06_tiled_cuda_adam/product_trials.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/tuned_product.hpp"
#include "common/cuda/timing.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region product-trial
NamedTrial product_trial(const std::shared_ptr<ProductProblem>& problem,
                         const Product& sizes, const ProductForm& form,
                         std::string id, std::string label,
                         std::function<void(const Product&)> multiply) {
  const int m = sizes.m;
  const int n = sizes.n;
  const int k = sizes.k;
  const double moved = 1.0 * m * k + 1.0 * k * n + 1.0 * m * n;
  NamedTrial named{std::move(id), std::move(label), {}};
  named.trial.work = {.flop = product_flop(sizes), .bytes = 4 * moved};
  named.trial.check = [=] {
    const Product product = problem->product(m, n, k, form);
    multiply(product);
    return problem->judge(product, form);
  };
  named.trial.time = [=](const TimingPlan& plan) {
    const Product product = problem->product(m, n, k, form);
    return time_on_gpu(
        problem->stream(), [&] { multiply(product); }, plan);
  };
  return named;
}
// endregion

// region plan-trial
namespace {

constexpr std::string_view name_of(ProductPlan::Tile tile) {
  constexpr std::array<std::string_view, 3> kNames{"large", "medium", "small"};
  return kNames.at(static_cast<std::size_t>(tile));
}

}  // namespace

NamedTrial plan_trial(const std::shared_ptr<ProductProblem>& problem,
                      const Product& sizes, const ProductForm& form,
                      const ProductPlan& plan) {
  auto label = fmt::format("{} tiles, {} part{}", name_of(plan.tile),
                           plan.parts, plan.parts == 1 ? "" : "s");
  return product_trial(problem, sizes, form, "planned", std::move(label),
                       [=](const Product& product) {
                         multiply_tuned(product, form, plan, problem->scratch(),
                                        problem->stream());
                       });
}
// endregion

// region step-trials
namespace {

/// "4-register-blocked-1d".
std::string id_of(const ProductStep& step) {
  std::string id = fmt::format("{}-{}", step.number, step.name);
  for (char& letter : id) {
    letter = letter == ' ' ? '-'
                           : static_cast<char>(std::tolower(
                                 static_cast<unsigned char>(letter)));
  }
  return id;
}

}  // namespace

std::vector<NamedTrial> step_trials(
    const std::shared_ptr<ProductProblem>& problem, const Product& sizes,
    int first_step) {
  std::vector<NamedTrial> trials;
  for (const ProductStep& step :
       product_steps().subspan(static_cast<std::size_t>(first_step))) {
    trials.push_back(product_trial(
        problem, sizes, {}, id_of(step),
        fmt::format("{} {}", step.number, step.name),
        [=](const Product& product) { step.run(product, problem->stream()); }));
  }
  return trials;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
