// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "chapters/03_blocked_gemm/blocking.hpp"
#include "chapters/03_blocked_gemm/gemm.hpp"
#include "chapters/03_blocked_gemm/steps.hpp"
#include "chapters/03_blocked_gemm/stories.hpp"
#include "common/random.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
// endregion

// region product-work
Work product_work(std::int64_t n) {
  const auto size = static_cast<double>(n);
  return {.flop = 2 * size * size * size,
          .bytes = 3 * size * size * sizeof(float)};
}
// endregion

// region square-problem
namespace {

/// Three square matrices with numbers in them.
struct SquareProblem {
  std::int64_t n;
  Tensor a{{1, 1, n, n}}, b{{1, 1, n, n}}, c{{1, 1, n, n}};

  SquareProblem(std::int64_t size, std::uint64_t seed) : n(size) {
    Random(seed, 0).fill_uniform(a.values(), -1, 1);
    Random(seed, 1).fill_uniform(b.values(), -1, 1);
  }
  StridedView<const float> left() const {
    return row_major(a.values(), {n, n});
  }
  StridedView<const float> right() const {
    return row_major(b.values(), {n, n});
  }
  StridedView<float> result() { return row_major(c.values(), {n, n}); }
};

std::string threads_label(int threads) {
  return threads == 1 ? "1 thread" : fmt::format("{} threads", threads);
}
// endregion

// region time-product
/// Times c += a b. All ways add to c, as a MatrixProduct does.
const Measurement& time_product(Program& program, const std::string& id,
                                const std::string& label,
                                const std::string& group, int threads,
                                SquareProblem& problem,
                                const MatrixProduct& product) {
  const auto a = problem.left();
  const auto b = problem.right();
  const auto c = problem.result();
  return program.measure(id, label, product_work(problem.n),
                         [&] { product(a, b, c); },
                         {.group = group, .threads = threads});
}

/// One step as a MatrixProduct.
MatrixProduct step_product(const GemmStep& step, int threads,
                           GemmScratch& scratch) {
  return
      [&step, threads, &scratch](const auto& a, const auto& b, const auto& c) {
        step.run(a, b, c, threads, scratch);
      };
}

/// gemm() as a MatrixProduct.
MatrixProduct gemm_product(const GemmOptions& options, GemmScratch& scratch) {
  return [options, &scratch](const auto& a, const auto& b, const auto& c) {
    gemm(a, b, c, options, scratch);
  };
}
// endregion

// region record-blocking
/// How gemm() cuts up a product on this machine.
void record_blocking(Program& program, std::int64_t n) {
  GemmScratch scratch(1);
  const auto room = scratch.bytes() / static_cast<std::int64_t>(sizeof(float));
  const Blocking blocking =
      choose_blocking({n, n, n}, gemm_kernels(best_isa()), room);
  fmt::print(
      "n = {}: {} terms in a block, tiles of {} x {}, {} panels of b in "
      "a sweep\n",
      n, blocking.terms, blocking.panel_rows, blocking.panel_columns,
      blocking.sweep);
  Results& results = program.results();
  results.set_value("blocking.terms", blocking.terms);
  results.set_value("blocking.panel_rows", blocking.panel_rows);
  results.set_value("blocking.panel_columns", blocking.panel_columns);
  results.set_value("blocking.sweep", blocking.sweep);
  results.set_value("gemm.scratch_bytes", scratch.bytes());
}
// endregion

// region time-steps
void time_all_steps(Program& program, SquareProblem& problem) {
  GemmScratch scratch(program.threads());
  const std::string group = "steps";
  for (const GemmStep& step : gemm_steps()) {
    const int threads = step.uses_threads ? program.threads() : 1;
    time_product(program, fmt::format("steps/{}", step.number),
                 fmt::format("{} {}", step.number, step.name), group, threads,
                 problem, step_product(step, threads, scratch));
  }
  std::string why_not;
  const auto blas = OpenBlas::load(why_not);
  if (!blas) return program.absent("yardstick: OpenBLAS", why_not);
  program.results().set_value("yardstick.openblas", blas->description());
  time_product(program, "steps/openblas-one", "yardstick: OpenBLAS, 1 thread",
               group, 1, problem, openblas_product(*blas));
  if (program.threads() == 1) return;
  time_product(program, "steps/openblas-all",
               "yardstick: OpenBLAS, " + threads_label(program.threads()),
               group, program.threads(), problem,
               openblas_product(*blas, program.threads()));
}
// endregion

// region time-instruction-sets
void time_instruction_sets(Program& program, SquareProblem& problem) {
  GemmScratch scratch(1);
  for (const Isa isa : supported_isas()) {
    time_product(program, "isa/" + id_of(isa), std::string(name_of(isa)),
                 "gemm, by instruction set", 1, problem,
                 gemm_product({.beta = 1, .isa = isa}, scratch));
  }
}
// endregion

// region time-transposes
/// Chapter 2's question again: what does a transposed factor cost?
void time_transposes(Program& program, SquareProblem& problem) {
  GemmScratch scratch(1);
  const MatrixProduct product = gemm_product({.beta = 1}, scratch);
  for (const bool turn_a : {false, true})
    for (const bool turn_b : {false, true}) {
      program.measure(fmt::format("transposed/{}{}", turn_a ? 't' : 'n',
                                  turn_b ? 't' : 'n'),
                      fmt::format("{} {}", turn_a ? "a transposed," : "a,",
                                  turn_b ? "b transposed" : "b"),
                      product_work(problem.n),
                      [&] {
                        const auto a = problem.left();
                        const auto b = problem.right();
                        product(turn_a ? a.transposed() : a,
                                turn_b ? b.transposed() : b, problem.result());
                      },
                      {.group = "gemm, transposed factors"});
    }
}

}  // namespace

void time_steps(Program& program) {
  SquareProblem problem(program.options().quick ? 256 : 1024,
                        program.options().seed);
  record_blocking(program, problem.n);
  time_all_steps(program, problem);
  time_instruction_sets(program, problem);
  time_transposes(program, problem);
}
// endregion

// region sweep-series
namespace {

/// One line of the picture: a step, and the largest size that it manages in a
/// time that a reader will wait for.
struct Series {
  const char* id;
  std::size_t step;  // counted from 0
  std::int64_t largest;
};
constexpr Series kSlowSeries[] = {{"textbook", 0, 512},
                                  {"loop-order", 1, 2048},
                                  {"packed", 3, 2048},
                                  {"register-tile", 4, 2048}};

std::vector<std::int64_t> sweep_sizes(bool quick) {
  if (quick) return {64, 256};
  return {64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096};
}
// endregion

// region let-openblas-sleep
/// OpenBLAS' threads go on looking for work for a while after the last product,
/// and as long as they do, they keep ours from the cores.
void let_openblas_sleep() {
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
}
// endregion

// region time-size
/// gemm() and OpenBLAS at one size, one soon after the other. Returns our
/// speed in per cent of theirs; nothing where they are absent.
std::optional<double> time_size(Program& program, SquareProblem& problem,
                                int threads,
                                const std::optional<OpenBlas>& blas,
                                GemmScratch& scratch) {
  const std::string who = threads == 1 ? "one" : "all";
  const std::string group =
      threads == 1 ? "sizes, one thread" : "sizes, all threads";
  if (threads > 1) let_openblas_sleep();
  const Measurement& ours = time_product(
      program, fmt::format("sizes/{}/gemm/{}", who, problem.n),
      fmt::format("gemm, n = {}", problem.n), group, threads, problem,
      gemm_product({.beta = 1, .threads = threads}, scratch));
  if (!blas) return std::nullopt;
  const Measurement& theirs =
      time_product(program, fmt::format("sizes/{}/openblas/{}", who, problem.n),
                   fmt::format("OpenBLAS, n = {}", problem.n), group, threads,
                   problem, openblas_product(*blas, threads));
  const double percent = 100 * theirs.timing.median_s / ours.timing.median_s;
  program.results().set_value(
      fmt::format("openblas_percent.{}.{}", who, problem.n), percent);
  return percent;
}
// endregion

// region time-against-openblas
void time_against_openblas(Program& program, int threads) {
  std::string why_not;
  const auto blas = OpenBlas::load(why_not);
  if (!blas) program.absent("yardstick: OpenBLAS", why_not);
  GemmScratch scratch(threads);
  double least = std::numeric_limits<double>::infinity();
  for (const std::int64_t n : sweep_sizes(program.options().quick)) {
    SquareProblem problem(n, program.options().seed);
    const auto percent = time_size(program, problem, threads, blas, scratch);
    if (percent && n >= 256) least = std::min(least, *percent);
  }
  if (!blas) return;
  program.results().set_value(
      fmt::format("openblas_percent.{}.least", threads == 1 ? "one" : "all"),
      least);
  fmt::print("  {}: at least {:.0f} % of OpenBLAS from n = 256 on\n",
             threads_label(threads), least);
}
// endregion

// region time-sizes
}  // namespace

void time_sizes(Program& program) {
  GemmScratch scratch(1);
  for (const Series& series : kSlowSeries) {
    const GemmStep& step = gemm_steps()[series.step];
    for (const std::int64_t n : sweep_sizes(program.options().quick)) {
      if (n > series.largest) break;
      SquareProblem problem(n, program.options().seed);
      time_product(program, fmt::format("sizes/one/{}/{}", series.id, n),
                   fmt::format("{}, n = {}", series.id, n), "sizes, one thread",
                   1, problem, step_product(step, 1, scratch));
    }
  }
  time_against_openblas(program, 1);
  if (program.threads() > 1) time_against_openblas(program, program.threads());
}

}  // namespace cnn
// endregion
