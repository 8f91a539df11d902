// region quiet: includes
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/checks.hpp"
#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "chapters/03_blocked_gemm/checks.hpp"
#include "chapters/03_blocked_gemm/gemm.hpp"
#include "chapters/03_blocked_gemm/isa.hpp"
#include "chapters/03_blocked_gemm/steps.hpp"
#include "common/random.hpp"

namespace cnn {

namespace {
// endregion

// region product-sizes
/// Sizes that are no multiple of anything, smaller than a tile, and larger than
/// a block.
struct CheckedSizes {
  std::int64_t rows, terms, columns;
};
constexpr std::array kCheckedSizes{
    CheckedSizes{1, 1, 1},     CheckedSizes{3, 5, 7},
    CheckedSizes{17, 9, 33},   CheckedSizes{61, 270, 130},
    CheckedSizes{1, 300, 500}, CheckedSizes{203, 611, 517}};
// endregion

// region check-factor
/// A random matrix, stored twice: by rows and by columns.
struct Factor {
  std::int64_t rows, columns;
  std::vector<float> by_rows;
  std::vector<float> by_columns;

  Factor(std::int64_t r, std::int64_t c, std::uint64_t seed,
         std::uint64_t stream)
      : rows(r),
        columns(c),
        by_rows(static_cast<std::size_t>(r * c)),
        by_columns(by_rows.size()) {
    Random(seed, stream).fill_uniform(by_rows, -1, 1);
    materialise(view(false).transposed(), std::span(by_columns));
  }
  /// The same matrix either way; only the strides tell where it lies.
  StridedView<const float> view(bool transposed) const {
    return transposed
               ? row_major(std::span(by_columns), {columns, rows}).transposed()
               : row_major(std::span(by_rows), {rows, columns});
  }
};
// endregion

// region reference-product
/// The textbook's order, in float64: a dot product for each element.
ReferenceResult reference_product(const Factor& a, const Factor& b) {
  ReferenceResult expected({1, 1, a.rows, b.columns});
  std::size_t next = 0;
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < b.columns; ++j, ++next) {
      const float* row = &a.by_rows[static_cast<std::size_t>(i * a.columns)];
      const float* column = &b.by_columns[static_cast<std::size_t>(j * b.rows)];
      for (std::int64_t k = 0; k < a.columns; ++k) {
        const double product = double{row[k]} * column[k];
        expected.value[next] += product;
        expected.magnitude[next] += std::abs(product);
      }
    }
  return expected;
}
// endregion

// region product-problem
/// One product with both judges' opinions.
struct ProductProblem {
  Factor a, b;
  ReferenceResult expected;
  std::vector<float> before;  // chapter 2's

  ProductProblem(const CheckedSizes& sizes, std::uint64_t seed)
      : a(sizes.rows, sizes.terms, seed, 0),
        b(sizes.terms, sizes.columns, seed, 1),
        expected(reference_product(a, b)),
        before(expected.value.size()) {
    multiply_add(a.view(false), b.view(false), matrix(before));
  }
  StridedView<float> matrix(std::vector<float>& values) const {
    return row_major(std::span(values), {a.rows, b.columns});
  }
};
// endregion

// region judge-steps
std::vector<Verdict> judge_steps(const std::vector<ProductProblem>& problems,
                                 int threads) {
  GemmScratch scratch(threads);
  std::vector<Verdict> verdicts;
  for (const GemmStep& step : gemm_steps()) {
    const std::string number = std::to_string(step.number);
    Verdict verdict{"step/" + number, number + " " + std::string(step.name)};
    for (const ProductProblem& p : problems) {
      std::vector<float> c(p.before.size());
      step.run(p.a.view(false), p.b.view(false), p.matrix(c), threads, scratch);
      judge(verdict, c, p.before, p.expected, p.a.columns);
    }
    verdicts.push_back(verdict);
  }
  return verdicts;
}
// endregion

// region judge-transposes
/// c may hold anything when beta is 0, NaN for example.
Verdict judge_transposes(const std::vector<ProductProblem>& problems, Isa isa,
                         const std::string& id, int threads) {
  GemmScratch scratch(threads);
  const GemmOptions options{.threads = threads, .isa = isa};
  Verdict verdict{"gemm/" + id, "gemm, " + std::string(name_of(isa))};
  for (const ProductProblem& p : problems)
    for (const bool transposed_a : {false, true})
      for (const bool transposed_b : {false, true}) {
        std::vector<float> c(p.before.size(), NAN);
        gemm(p.a.view(transposed_a), p.b.view(transposed_b), p.matrix(c),
             options, scratch);
        judge(verdict, c, p.before, p.expected, p.a.columns);
      }
  return verdict;
}
// endregion

// region judge-epilogue
/// relu(alpha a b + beta c + bias): four more roundings, and ReLU makes no
/// error larger.
Comparison judge_epilogue(const std::vector<ProductProblem>& problems, Isa isa,
                          int threads) {
  GemmScratch scratch(threads);
  Comparison outcome;
  for (const ProductProblem& p : problems) {
    const Factor before(p.a.rows, p.b.columns, 1, 2);
    const Factor rows(p.a.rows, 1, 1, 3);
    const Factor columns(1, p.b.columns, 1, 4);
    ReferenceResult expected = p.expected;
    for (std::size_t i = 0; i < expected.value.size(); ++i) {
      const auto width = static_cast<std::size_t>(p.b.columns);
      const std::array added{-0.75 * double{before.by_rows[i]},
                             double{rows.by_rows[i / width]},
                             double{columns.by_rows[i % width]}};
      expected.value[i] *= 1.5;
      expected.magnitude[i] *= 1.5;
      for (const double term : added) {
        expected.value[i] += term;
        expected.magnitude[i] += std::abs(term);
      }
      expected.value[i] = std::max(expected.value[i], 0.0);
    }
    std::vector<float> c = before.by_rows;
    gemm(p.a.view(false), p.b.view(true), p.matrix(c),
         {.alpha = 1.5F,
          .beta = -0.75F,
          .epilogue = {.row_bias = rows.by_rows.data(),
                       .column_bias = columns.by_rows.data(),
                       .relu = true},
          .threads = threads,
          .isa = isa},
         scratch);
    outcome = merge(outcome, compare(c, expected, p.a.columns + 4));
  }
  return outcome;
}
// endregion

// region check-products
}  // namespace

void check_products(Program& program) {
  std::vector<ProductProblem> problems;
  problems.reserve(kCheckedSizes.size());
  for (const CheckedSizes& sizes : kCheckedSizes)
    problems.emplace_back(sizes, program.options().seed);

  auto verdicts = judge_steps(problems, program.threads());
  for (const Isa isa : supported_isas())
    verdicts.push_back(
        judge_transposes(problems, isa, id_of(isa), program.threads()));
  report_verdicts(program, verdicts, 2);
  for (const Isa isa : supported_isas()) {
    program.check("epilogue/" + id_of(isa),
                  "alpha, beta, bias, ReLU, " + std::string(name_of(isa)),
                  "float64", judge_epilogue(problems, isa, program.threads()));
  }
}

}  // namespace cnn
// endregion
