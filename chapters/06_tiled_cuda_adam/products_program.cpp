// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/06_tiled_cuda_adam/dense_products.hpp"
#include "chapters/06_tiled_cuda_adam/product_problem.hpp"
#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/tune_products.hpp"
#include "chapters/06_tiled_cuda_adam/tuned_product.hpp"
#include "common/cuda/timing.hpp"
#include "common/machine.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
namespace {
// endregion

// region time-product

constexpr TimingPlan timing_plan() {
  return {.warm_up_s = 0.005,
          .repetitions = 5,
          .settled_s = 0.01,
          .enough_s = 0.06};
}

void print_row(const Product& p, std::string_view label, const Timing& timing) {
  fmt::print("{:>5} {:>5} {:>6}  {:<44}{:8.3f} TFLOP/s {:11.2f} us\n", p.m, p.n,
             p.k, label, product_flop(p) / timing.median_s / 1e12,
             timing.median_s * 1e6);
  std::fflush(stdout);
}

/// Checks one way to multiply, and times it if it is right.
bool time_product(ProductProblem& problem, const Product& sizes,
                  const ProductForm& form, std::string_view label,
                  const std::function<void(const Product&)>& multiply) {
  const Product product = problem.product(sizes.m, sizes.n, sizes.k, form);
  multiply(product);
  const Comparison comparison = problem.judge(product, form);
  if (!comparison.passed()) {
    fmt::print("{}: WRONG: {}\n", label, describe(comparison));
    return false;
  }
  print_row(product, label,
            time_on_gpu(
                problem.stream(), [&] { multiply(product); }, timing_plan()));
  return true;
}

constexpr Product square(int size) {
  return {.m = size, .n = size, .k = size};
}
// endregion

// region time-cublas
void time_cublas(const ProductProblem& problem, int size) {
  const auto elements =
      static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  std::vector<float> c(elements);
  std::string why_not;
  const auto cublas = cublas_sgemm(
      size, size, size, std::span(problem.a()).first(elements),
      std::span(problem.b()).first(elements), c, why_not, timing_plan());
  if (cublas) {
    print_row(square(size), cublas->description, cublas->timing);
  } else {
    fmt::print("cuBLAS: {}\n", why_not);
  }
}
// endregion

// region time-plans
constexpr std::string_view name_of(ProductPlan::Tile tile) {
  constexpr std::array<std::string_view, 3> kNames{"large", "medium", "small"};
  return kNames.at(static_cast<std::size_t>(tile));
}

bool time_plan(ProductProblem& problem, const Product& sizes,
               const ProductForm& form, const ProductPlan& plan,
               std::string_view remark) {
  const auto label =
      fmt::format("{}{} {} tiles, {} part{}{}", form.transpose_a ? 'T' : 'N',
                  form.transpose_b ? 'T' : 'N', name_of(plan.tile), plan.parts,
                  plan.parts == 1 ? "" : "s", remark);
  return time_product(problem, sizes, form, label, [&](const Product& product) {
    multiply_tuned(product, form, plan, problem.scratch(), problem.stream());
  });
}

/// All plans for one product, the one that plan_product() chooses marked.
bool time_plans(ProductProblem& problem, const Product& sizes,
                const ProductForm& form, int multiprocessors) {
  using enum ProductPlan::Tile;
  const ProductPlan chosen =
      plan_product(sizes.m, sizes.n, sizes.k, multiprocessors);
  bool right = true;
  for (const auto tile : {kLarge, kMedium, kSmall})
    for (int parts = 1; parts <= 128; parts *= 2) {
      const ProductPlan plan{tile, parts};
      const bool fits =
          scratch_floats(sizes.m, sizes.n, plan) <= problem.scratch_size();
      if (!fits || (parts > 1 && sizes.k / parts < 16)) break;
      const bool is_chosen = tile == chosen.tile && parts == chosen.parts;
      right &= time_plan(problem, sizes, form, plan, is_chosen ? " <--" : "");
    }
  return right;
}
// endregion

// region time-steps
bool time_steps(ProductProblem& problem, int size, int first_step,
                int multiprocessors) {
  bool right = true;
  for (const ProductStep& step :
       product_steps().subspan(static_cast<std::size_t>(first_step))) {
    right &= time_product(
        problem, square(size), {}, fmt::format("{} {}", step.number, step.name),
        [&](const Product& product) { step.run(product, problem.stream()); });
  }
  return right & time_plan(problem, square(size), {},
                           plan_product(size, size, size, multiprocessors),
                           ", as planned");
}

bool time_candidates(ProductProblem& problem, int size) {
  bool right = true;
  for (const Candidate& candidate : tuned_candidates()) {
    right &= time_product(problem, square(size), candidate.form, candidate.name,
                          [&](const Product& product) {
                            candidate.run(product, problem.stream());
                          });
  }
  return right;
}
// endregion

// region for-the-profiler
/// Each step once, and nothing else.
int run_once(int size) {
  ProductProblem problem(std::int64_t{size} * size);
  for (const ProductStep& step : product_steps()) {
    step.run(problem.product(size, size, size, {}), problem.stream());
  }
  problem.stream().synchronize();
  return 0;
}

void print_help() {
  fmt::print(
      "06_products: products on the GPU, checked, then timed\n"
      "  --tune    every shape of the tuned kernel that is compiled in\n"
      "  --plans   every plan for the products of dense layers\n"
      "  --all     the slow steps at the largest size, too\n"
      "  --brief   the tuned step only\n"
      "  --once    each step once at 2048, for a profiler\n"
      "  --small   the same at 256\n");
}
// endregion

// region products-story
int time_all(const std::function<bool(std::string_view)>& given, int cores) {
  constexpr std::array kSizes{1024, 2048, 4096, 8192};
  constexpr std::int64_t kLargest = kSizes.back();
  ProductProblem problem(kLargest * kLargest);
  bool right = true;
  for (const int size : kSizes) {
    const int first_step = given("--brief")                      ? 8
                           : size == kLargest && !given("--all") ? 5
                                                                 : 0;
    time_cublas(problem, size);
    right &= time_steps(problem, size, first_step, cores);
    time_cublas(problem, size);
  }
  if (given("--tune")) {
    for (const int size : {1024, 2048, 4096}) {
      right &= time_candidates(problem, size);
    }
  }
  if (given("--plans")) {
    for (const DenseProduct& dense : kDenseProducts) {
      right &= time_plans(problem, dense.sizes, dense.form, cores);
    }
  }
  return right ? 0 : 1;
}
// endregion

// region products-main
int run_products(std::span<const std::string> flags) {
  constexpr std::array<std::string_view, 7> kKnown{
      "--tune", "--plans", "--all", "--brief", "--once", "--small", "--help"};
  for (const std::string& flag : flags) {
    if (std::ranges::find(kKnown, flag) == kKnown.end()) {
      fmt::print(stderr, "06_products: {} is no flag, see --help\n", flag);
      return 2;
    }
  }
  const auto given = [&](std::string_view flag) {
    return std::ranges::find(flags, flag) != flags.end();
  };
  if (given("--help")) return print_help(), 0;
  std::string why_not;
  const std::optional<Gpu> gpu = describe_gpu(why_not);
  if (!gpu) {
    fmt::print(stderr, "06_products: {}\n", why_not);
    return 77;
  }
  fmt::print("{}, driver {}\n", gpu->name, gpu->driver);
  if (given("--once")) return run_once(2048);
  if (given("--small")) return run_once(256);
  return time_all(given, gpu->multiprocessors);
}

}  // namespace
}  // namespace cnn

int main(int argc, char** argv) {
  const std::vector<std::string> flags(argv + 1, argv + argc);
  return cnn::run_products(flags);
}
// endregion
