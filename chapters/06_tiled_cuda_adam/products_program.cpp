// region quiet: includes
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/06_tiled_cuda_adam/dense_products.hpp"
#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/product_trials.hpp"
#include "chapters/06_tiled_cuda_adam/tune_products.hpp"
#include "chapters/06_tiled_cuda_adam/tuned_product.hpp"
#include "common/errors.hpp"
#include "common/program.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
namespace {

using Problem = std::shared_ptr<ProductProblem>;
// endregion

// region products-flags
struct ProductFlags {
  bool tune = false;
  bool plans = false;
  bool slow = false;
  bool brief = false;
  bool once = false;

  ChapterFlags flags() {
    return ChapterFlags()
        .yes("--tune", "Every shape of the tuned kernel that is compiled in",
             tune)
        .yes("--plans", "Every plan for the products of dense layers", plans)
        .yes("--slow", "The slow steps at the largest size, too", slow)
        .yes("--brief", "The tuned step only", brief)
        .yes("--once",
             "Each step once, for a profiler: at 2048, or\n"
             "at 256 with --quick",
             once);
  }
};
// endregion

// region show-product
constexpr TimingPlan product_timing() {
  return {.warm_up_s = 0.005,
          .repetitions = 5,
          .settled_s = 0.01,
          .enough_s = 0.06};
}

void print_row(const Product& p, std::string_view label, double seconds) {
  fmt::print("{:>5} {:>5} {:>6}  {:<44}{:8.3f} TFLOP/s {:11.2f} us\n", p.m, p.n,
             p.k, label, product_flop(p) / seconds / 1e12, seconds * 1e6);
  std::fflush(stdout);
}

/// Throws std::runtime_error when it is wrong.
void show(const Product& sizes, const NamedTrial& trial,
          std::string_view before = "", std::string_view after = "") {
  const Comparison outcome = trial.trial.check();
  if (!outcome.passed()) {
    throw std::runtime_error(trial.label + ": " + describe(outcome));
  }
  print_row(sizes, fmt::format("{}{}{}", before, trial.label, after),
            trial.trial.time(product_timing()).median_s);
}

constexpr Product square(int size) {
  return {.m = size, .n = size, .k = size};
}
// endregion

// region show-cublas
void show_cublas(const ProductProblem& problem, int size) {
  const auto elements =
      static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  std::vector<float> c(elements);
  std::string why_not;
  const auto cublas = cublas_sgemm(
      size, size, size, std::span(problem.a()).first(elements),
      std::span(problem.b()).first(elements), c, why_not, product_timing());
  if (cublas) {
    print_row(square(size), cublas->description, cublas->timing.median_s);
  } else {
    fmt::print("cuBLAS: {}\n", why_not);
  }
}
// endregion

// region show-plans
/// All plans for one product, the one that plan_product() chooses marked.
void show_plans(const Problem& problem, const Product& sizes,
                const ProductForm& form) {
  using enum ProductPlan::Tile;
  const ProductPlan chosen =
      plan_product(sizes.m, sizes.n, sizes.k, multiprocessors());
  const auto name = fmt::format("{}{} ", form.transpose_a ? 'T' : 'N',
                                form.transpose_b ? 'T' : 'N');
  for (const auto tile : {kLarge, kMedium, kSmall})
    for (int parts = 1; parts <= 128; parts *= 2) {
      const ProductPlan plan{tile, parts};
      const bool fits =
          scratch_floats(sizes.m, sizes.n, plan) <= problem->scratch_size();
      if (!fits || (parts > 1 && sizes.k / parts < 16)) break;
      const bool is_chosen = tile == chosen.tile && parts == chosen.parts;
      show(sizes, plan_trial(problem, sizes, form, plan), name,
           is_chosen ? " <--" : "");
    }
}
// endregion

// region show-steps
void show_steps(const Problem& problem, int size, int first_step) {
  for (const NamedTrial& step :
       step_trials(problem, square(size), first_step)) {
    show(square(size), step);
  }
  show(square(size),
       plan_trial(problem, square(size), {},
                  plan_product(size, size, size, multiprocessors())),
       "NN ", ", as planned");
}

void show_candidates(const Problem& problem, int size) {
  for (const Candidate& candidate : tuned_candidates()) {
    const auto run = [&](const Product& product) {
      candidate.run(product, problem->stream());
    };
    show(square(size), product_trial(problem, square(size), candidate.form, "",
                                     std::string(candidate.name), run));
  }
}
// endregion

// region for-the-profiler
/// Each step once, and nothing else.
void run_once(int size) {
  ProductProblem problem(std::int64_t{size} * size, 0);
  for (const ProductStep& step : product_steps()) {
    step.run(problem.product(size, size, size, {}), problem.stream());
  }
  problem.stream().synchronize();
}
// endregion

// region products-story
void products_story(const Program& program, const ProductFlags& flags) {
  if (!program.machine().gpu) {
    throw SkipError(program.machine().gpu_absent_because);
  }
  const bool quick = program.options().quick;
  if (flags.once) return run_once(quick ? 256 : 2048);
  constexpr std::array kSizes{1024, 2048, 4096, 8192};
  constexpr std::int64_t kLargest = kSizes.back();
  constexpr std::int64_t kScratch = 1 << 24;
  const auto problem =
      std::make_shared<ProductProblem>(kLargest * kLargest, kScratch);
  for (const int size : std::span(kSizes).first(quick ? 1 : kSizes.size())) {
    const bool too_slow = size == kLargest && !flags.slow;
    show_cublas(*problem, size);
    show_steps(problem, size, flags.brief ? 8 : too_slow ? 5 : 0);
    show_cublas(*problem, size);
  }
  if (flags.tune) {
    for (const int size : {1024, 2048, 4096}) show_candidates(problem, size);
  }
  if (!flags.plans) return;
  for (const DenseProduct& dense : kDenseProducts) {
    show_plans(problem, dense.sizes, dense.form);
  }
}

}  // namespace
}  // namespace cnn
// endregion

// region products-main
int main(int argc, char** argv) {
  cnn::ProductFlags flags;
  return cnn::run_program(
      argc, argv,
      {"06_products", "06_products", "Matrix products on the GPU",
       "This chapter's products by themselves, checked, then timed."},
      [&](const cnn::Program& program) { cnn::products_story(program, flags); },
      flags.flags());
}
// endregion
