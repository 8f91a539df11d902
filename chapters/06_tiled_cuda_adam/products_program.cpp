// region quiet: includes
#include "chapters/06_tiled_cuda_adam/products_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/tuned_product.hpp"
#include "common/cuda/check.hpp"
#include "common/cuda/timing.hpp"
#include "common/machine.hpp"
#include "common/random.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region problem
namespace {

std::size_t place(int row, int step, int column) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(step) +
         static_cast<std::size_t>(column);
}

/// Number i of `samples` places among `size`, from the first to the last.
int spread(int i, int samples, int size) {
  return static_cast<int>(std::int64_t{size - 1} * i / (samples - 1));
}

}  // namespace

ProductProblem::ProductProblem(std::int64_t capacity)
    : a_(static_cast<std::size_t>(capacity)),
      b_(a_.size()),
      device_a_(a_.size()),
      device_b_(a_.size()),
      device_c_(a_.size()),
      scratch_(std::size_t{1} << 24) {
  Random(1, 0).fill_uniform(a_, -1, 1);
  Random(1, 1).fill_uniform(b_, -1, 1);
  device_a_.upload(a_, stream_);
  device_b_.upload(b_, stream_);
  stream_.synchronize();
}

Product ProductProblem::product(int m, int n, int k, const ProductForm& form) {
  cuda_check(cudaMemsetAsync(device_c_.data(), 0xff,
                             device_c_.size() * sizeof(float), stream_.get()),
             "cudaMemsetAsync");
  return {m,
          n,
          k,
          device_a_.data(),
          form.transpose_a ? m : k,
          device_b_.data(),
          form.transpose_b ? k : n,
          device_c_.data(),
          n};
}
// endregion

// region judge
Comparison ProductProblem::judge(const Product& p, const ProductForm& form) {
  const auto a = [&](int row, int k) {
    return a_[form.transpose_a ? place(k, p.lda, row) : place(row, p.lda, k)];
  };
  const auto b = [&](int k, int column) {
    return b_[form.transpose_b ? place(column, p.ldb, k)
                               : place(k, p.ldb, column)];
  };
  const int samples = p.k > 20000 ? 5 : 21;  // of rows, and of columns
  std::vector<float> row_of_c(static_cast<std::size_t>(p.n));
  std::vector<float> actual;
  std::vector<double> value;
  std::vector<double> magnitude;
  for (int i = 0; i < samples; ++i) {
    const int row = spread(i, samples, p.m);
    copy_to_host(row_of_c.data(), p.c + place(row, p.ldc, 0),
                 row_of_c.size() * sizeof(float), stream_);
    stream_.synchronize();
    for (int j = 0; j < samples; ++j) {
      const int column = spread(j, samples, p.n);
      double sum = 0;
      double size = 0;
      for (int k = 0; k < p.k; ++k) {
        const double term = double{a(row, k)} * double{b(k, column)};
        sum += term;
        size += std::abs(term);
      }
      actual.push_back(row_of_c[static_cast<std::size_t>(column)]);
      value.push_back(sum);
      magnitude.push_back(size);
    }
  }
  return compare(actual, {value, magnitude}, p.k);
}
// endregion

// region time-product
namespace {

TimingPlan product_timing() {
  TimingPlan plan;
  plan.warm_up_s = 0.005;
  plan.repetitions = 5;
  plan.settled_s = 0.02;
  plan.enough_s = 0.06;
  return plan;
}
// endregion

// region time-steps
void print_row(int size, std::string_view name, const Product& product,
               const Timing& timing) {
  fmt::print("{:5} {:<32} {:7.3f} TFLOP/s  {:9.2f} us  ({:.2f}..{:.2f})\n",
             size, name, product_flop(product) / timing.median_s / 1e12,
             timing.median_s * 1e6, timing.q1_s * 1e6, timing.q3_s * 1e6);
  std::fflush(stdout);
}

void time_cublas(const ProductProblem& problem, int size) {
  const auto elements =
      static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  std::vector<float> c(elements);
  std::string why_not;
  const auto cublas = cublas_sgemm(
      size, size, size, std::span(problem.a()).first(elements),
      std::span(problem.b()).first(elements), c, why_not, product_timing());
  if (!cublas) {
    fmt::print("cuBLAS: {}\n", why_not);
    return;
  }
  print_row(size, cublas->description, {size, size, size}, cublas->timing);
}

bool time_steps(ProductProblem& problem, int size, int first_step) {
  bool all_right = true;
  for (const ProductStep& step :
       product_steps().subspan(static_cast<std::size_t>(first_step))) {
    const Product product = problem.product(size, size, size, {});
    step.run(product, problem.stream());
    const Comparison outcome = problem.judge(product, {});
    if (!outcome.passed()) {
      fmt::print("{:5} {} {} WRONG: {}\n", size, step.number, step.name,
                 describe(outcome));
      all_right = false;
      continue;
    }
    print_row(
        size, fmt::format("{} {}", step.number, step.name), product,
        time_on_gpu(
            problem.stream(), [&] { step.run(product, problem.stream()); },
            product_timing()));
  }
  return all_right;
}
// endregion

// region tune-products
bool tune_products(ProductProblem& problem, int size) {
  bool all_right = true;
  for (const Candidate& candidate : tuned_candidates()) {
    const ProductForm& form = candidate.form;
    const Product product = problem.product(size, size, size, form);
    const auto run = [&] { candidate.run(product, problem.stream()); };
    run();
    const Comparison outcome = problem.judge(product, form);
    if (!outcome.passed()) {
      fmt::print("{:5} {} WRONG: {}\n", size, candidate.name,
                 describe(outcome));
      all_right = false;
      continue;
    }
    print_row(size, candidate.name, product,
              time_on_gpu(problem.stream(), run, product_timing()));
  }
  return all_right;
}
// endregion

// region time-forms
/// Products as dense layers need them: forward, and both gradients.
bool time_forms(ProductProblem& problem) {
  struct Case {
    int m, n, k;
    bool transpose_a, transpose_b;
  };
  constexpr std::array kCases{
      Case{4096, 4096, 4096, false, true}, Case{4096, 4096, 4096, true, false},
      Case{4096, 4096, 4096, true, true}, Case{4095, 4097, 4099, false, false},
      Case{1000, 1000, 1000, false, false},
      // Report 001's dense layers at batch 64: 1600 to 128 to 10.
      Case{64, 128, 1600, false, true}, Case{64, 1600, 128, false, false},
      Case{128, 1600, 64, true, false}, Case{64, 10, 128, false, true},
      // Report 002's at batch 512: 2940 to 25 to 50 to 10.
      Case{512, 25, 2940, false, true}, Case{512, 2940, 25, false, false},
      Case{25, 2940, 512, true, false}, Case{512, 50, 25, false, true},
      // A filter gradient.
      Case{64, 288, 123904, true, false}};
  bool all_right = true;
  for (const Case& one : kCases) {
    const ProductForm form{one.transpose_a, one.transpose_b, nullptr, false};
    const Product product = problem.product(one.m, one.n, one.k, form);
    ProductPlan best = plan_product(one.m, one.n, one.k, 132);
    using enum ProductPlan::Tile;
    for (const auto tile : {kLarge, kMedium, kSmall})
      for (const int parts : {1, 2, 4, 8, 16, 32, 64}) {
        const ProductPlan plan{tile, parts};
        if (parts > 1 && one.k / parts < 16) continue;
        if (parts > 1 && product_flop(product) > 2e10) continue;
        if (scratch_floats(one.m, one.n, plan) > problem.scratch_size()) {
          continue;
        }
        const auto run = [&] {
          multiply_tuned(product, form, plan, problem.scratch(),
                         problem.stream());
        };
        problem.product(one.m, one.n, one.k, form);
        run();
        const Comparison outcome = problem.judge(product, form);
        if (!outcome.passed()) all_right = false;
        const bool chosen = plan.tile == best.tile && plan.parts == best.parts;
        print_row(
            static_cast<int>(tile),
            fmt::format("{} {} {} {}{} /{} {}{}", one.m, one.n, one.k,
                        one.transpose_a ? "T" : "N",
                        one.transpose_b ? "T" : "N", parts, chosen ? "<" : "",
                        outcome.passed() ? "" : " WRONG"),
            product,
            time_on_gpu(problem.stream(), run,
                        TimingPlan{0.002, 5, 0.002, 0.01, ""}));
      }
  }
  return all_right;
}
// endregion

// region products-main
int run_products(const std::vector<std::string>& flags) {
  const auto given = [&](std::string_view flag) {
    return std::ranges::find(flags, flag) != flags.end();
  };
  std::string why_not;
  const auto gpu = describe_gpu(why_not);
  if (!gpu) {
    fmt::print("{}\n", why_not);
    return 77;
  }
  fmt::print("{}, {}\n", gpu->name, gpu->driver);
  if (given("--one")) {  // one launch of each step, for the profiler
    const int size = given("--small") ? 256 : 2048;
    ProductProblem problem(std::int64_t{size} * size);
    for (const ProductStep& step : product_steps()) {
      step.run(problem.product(size, size, size, {}), problem.stream());
    }
    problem.stream().synchronize();
    return 0;
  }
  constexpr std::array kSizes{1024, 2048, 4096, 8192};
  constexpr std::int64_t kLargest = kSizes.back();
  ProductProblem problem(kLargest * kLargest);
  bool all_right = true;
  for (const int size : kSizes) {
    time_cublas(problem, size);
    const bool slow_ones_too = size < kLargest;
    all_right &= time_steps(problem, size, slow_ones_too ? 0 : 5);
    time_cublas(problem, size);
  }
  for (const int size : kSizes) {
    if (!given("--tune") || size == kLargest) continue;
    all_right &= tune_products(problem, size);
  }
  if (given("--forms")) all_right &= time_forms(problem);
  return all_right ? 0 : 1;
}

}  // namespace
}  // namespace CNN_GPU
}  // namespace cnn

int main(int argc, char** argv) {
  return cnn::run_products({argv + 1, argv + argc});
}
// endregion
