// region quiet: includes
#include "chapters/02_im2col_strided_views/checks.hpp"

#include <cmath>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/convolution_gemm.hpp"
#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/02_im2col_strided_views/windows.hpp"
#include "common/random.hpp"

namespace cnn {
// endregion

// region check-im2col
namespace {

/// Moving numbers makes no rounding errors: the bound is zero.
Comparison compare_exactly(std::span<const float> actual,
                           std::span<const float> expected) {
  const std::vector<double> value(expected.begin(), expected.end());
  const std::vector<double> zero(expected.size(), 0.0);
  return compare(actual, {value, zero}, 1);
}

}  // namespace

void check_im2col(Program& program) {
  Comparison views;
  for (const ConvolutionGeometry& geometry : check_geometries()) {
    const RandomProblem problem(geometry, program.options().seed);
    const auto size = static_cast<std::size_t>(columns_size(geometry));
    std::vector<float> by_loops(size, NAN);
    std::vector<float> by_view(size, NAN);
    im2col_loops(geometry, problem.input.values(), by_loops);
    const Tensor padded = pad(geometry, problem.input.values());
    im2col_view(geometry, padded.values(), by_view);
    views = merge(views, compare_exactly(by_view, by_loops));
  }
  program.check("im2col", "im2col by view", "im2col by loops, bit for bit",
                views);
}
// endregion

// region check-adjoint
/// <im2col x, y> = <x, col2im y> for every x and y: that is what makes col2im
/// the right way back for a gradient. Each pixel of col2im is a sum of at most
/// kernel area terms, and rounding the total to float32 counts for one more.
void check_adjoint(Program& program) {
  Comparison outcome;
  for (const ConvolutionGeometry& geometry : check_geometries()) {
    const RandomProblem problem(geometry, program.options().seed);
    const auto x = problem.input.values();
    std::vector<float> columns(
        static_cast<std::size_t>(columns_size(geometry)));
    std::vector<float> y(columns.size());
    Random(program.options().seed, 3).fill_uniform(y, -1, 1);
    Tensor image(geometry.input_shape());
    im2col_loops(geometry, x, columns);
    col2im(geometry, y, image.values());

    double left = 0;
    double magnitude = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      left += double{columns[i]} * y[i];
      magnitude += std::abs(double{columns[i]} * y[i]);
    }
    const auto back = image.values();
    const double right =
        std::inner_product(x.begin(), x.end(), back.begin(), 0.0);
    outcome = merge(
        outcome, compare(std::vector{static_cast<float>(right)},
                         {std::vector{left}, std::vector{magnitude}},
                         geometry.kernel_height * geometry.kernel_width + 1));
  }
  program.check("adjoint", "<x, col2im y>", "<im2col x, y>", outcome);
}
// endregion

// region verdict
void judge(Verdict& verdict, std::span<const float> actual,
           std::span<const float> before, ReferenceResult reference,
           std::int64_t terms) {
  verdict.float64 = merge(verdict.float64, compare(actual, reference, terms));
  reference.value.assign(before.begin(), before.end());
  for (double& magnitude : reference.magnitude) magnitude *= 2;
  verdict.before = merge(verdict.before, compare(actual, reference, terms));
}

void report_verdicts(Program& program, const std::vector<Verdict>& verdicts,
                     int chapter) {
  for (const Verdict& verdict : verdicts) {
    program.check(verdict.id + "/float64", verdict.label, "float64",
                  verdict.float64);
  }
  const std::string number = std::to_string(chapter);
  for (const Verdict& verdict : verdicts) {
    program.check(verdict.id + "/chapter-" + number, verdict.label,
                  "chapter " + number, verdict.before);
  }
}
// endregion

// region judge-forward
std::vector<Verdict> judge_forward(std::uint64_t seed, const std::string& id,
                                   const std::string& label,
                                   const MatrixProduct& product) {
  Verdict image{id + "/image", label + ", image by image"};
  Verdict batch{id + "/batch", label + ", whole batch"};
  for (const ConvolutionGeometry& geometry : check_geometries()) {
    const RandomProblem p(geometry, seed);
    const auto expected =
        reference_forward(geometry, p.input.values(), p.filter.values());
    Tensor naive(geometry.output_shape());
    convolution_forward(geometry, p.input.values(), p.filter.values(),
                        naive.values());

    ImageScratch image_scratch(geometry);
    Tensor output(geometry.output_shape());
    output.fill(NAN);  // an element that is never written must not pass
    gemm_forward(geometry, p.input.values(), p.filter.values(), output.values(),
                 image_scratch, product);
    judge(image, output.values(), naive.values(), expected, geometry.terms());

    BatchScratch batch_scratch(geometry);
    output.fill(NAN);
    gemm_forward_batch(geometry, p.input.values(), p.filter.values(),
                       output.values(), batch_scratch, product);
    judge(batch, output.values(), naive.values(), expected, geometry.terms());
  }
  return {image, batch};
}
// endregion

// region judge-backward
std::vector<Verdict> judge_backward(std::uint64_t seed) {
  Verdict inputs{"backward-input", "input gradient"};
  Verdict filters{"backward-filter", "filter gradient"};
  for (const ConvolutionGeometry& geometry : check_geometries()) {
    const RandomProblem p(geometry, seed);
    const auto gradient = p.output_gradient.values();
    ImageScratch scratch(geometry);

    Tensor naive(geometry.input_shape());
    Tensor actual(geometry.input_shape());
    actual.fill(NAN);
    convolution_backward_input(geometry, gradient, p.filter.values(),
                               naive.values());
    gemm_backward_input(geometry, gradient, p.filter.values(), actual.values(),
                        scratch);
    judge(inputs, actual.values(), naive.values(),
          reference_backward_input(geometry, gradient, p.filter.values()),
          backward_input_terms(geometry));

    naive = actual = Tensor(geometry.filter_shape());
    actual.fill(NAN);
    convolution_backward_filter(geometry, p.input.values(), gradient,
                                naive.values());
    gemm_backward_filter(geometry, p.input.values(), gradient, actual.values(),
                         scratch);
    judge(filters, actual.values(), naive.values(),
          reference_backward_filter(geometry, p.input.values(), gradient),
          backward_filter_terms(geometry));
  }
  return {inputs, filters};
}

}  // namespace cnn
// endregion
