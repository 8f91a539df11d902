// region quiet: includes
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/checks.hpp"
#include "chapters/03_blocked_gemm/checks.hpp"
#include "chapters/03_blocked_gemm/convolution_ways.hpp"
#include "chapters/03_blocked_gemm/direct_convolution.hpp"
#include "chapters/03_blocked_gemm/report_shapes.hpp"
#include "chapters/03_blocked_gemm/separate_passes.hpp"
#include "common/random.hpp"

namespace cnn {

namespace {
// endregion

// region checked-geometries
/// Chapter 1's awkward ones, and those that will be timed, with few images.
std::vector<ConvolutionGeometry> checked_geometries() {
  auto geometries = check_geometries();
  for (const ReportShape& shape : kReportShapes)
    geometries.push_back(with_batch(shape.geometry, 3));
  return geometries;
}
// endregion

// region judge-ways
/// Adds one way's three results to three verdicts.
void judge_way(std::array<Verdict, 3>& verdicts, const ConvolutionWay& way,
               const ConvolutionWay& before, const RandomProblem& problem) {
  for (const Direction direction : kDirections) {
    way.run[direction]();
    before.run[direction]();
    const auto expected = expected_convolution(problem, direction);
    judge(verdicts[direction], way.result[direction]().values(),
          before.result[direction]().values(), expected.result, expected.terms);
  }
}

std::array<Verdict, 3> open_verdicts(const std::string& way) {
  std::array<Verdict, 3> verdicts;
  for (const Direction d : kDirections) {
    verdicts[d].id = way + "/" + kDirectionIds[d];
    verdicts[d].label = way + ", " + kDirectionLabels[d];
  }
  return verdicts;
}
// endregion

// region pooled-reference
/// Bias, ReLU and pooling of a float64 reference. Neither ReLU nor a maximum
/// makes a difference larger than it was, so the largest bound of a window is
/// the window's.
ReferenceResult pooled_reference(const ReferenceResult& sums,
                                 const Shape& shape,
                                 const std::vector<float>& bias,
                                 std::int64_t pool) {
  const Shape to{shape.batch, shape.channels, shape.height / pool,
                 shape.width / pool};
  ReferenceResult expected(to);
  for (std::int64_t n = 0; n < to.batch; ++n)
    for (std::int64_t c = 0; c < to.channels; ++c)
      for (std::int64_t y = 0; y < to.height * pool; ++y)
        for (std::int64_t x = 0; x < to.width * pool; ++x) {
          const double b = bias[static_cast<std::size_t>(c)];
          const auto from = offset(shape, n, c, y, x);
          const auto at = offset(to, n, c, y / pool, x / pool);
          expected.value[at] =
              std::max(expected.value[at], sums.value[from] + b);
          expected.magnitude[at] = std::max(expected.magnitude[at],
                                            sums.magnitude[from] + std::abs(b));
        }
  return expected;
}
// endregion

// region fused-layer
/// Outcomes of the fused layer's four results.
struct FusedOutcomes {
  Comparison output, input_gradient, filter_gradient, bias_gradient;
};

/// The gradients of the sums, had the layers been apart: each number of the
/// pooled gradient at its winner's place. NCHW.
Tensor gradient_of_sums(const DirectConvolution& layer, std::int64_t pool,
                        const Tensor& gradient,
                        const std::vector<std::uint8_t>& winners) {
  const Shape shape = layer.geometry().output_shape();
  const ChannelsLast layout = channels_last(shape);
  Tensor spread({1, 1, 1, layout.size()});
  spread_pass(layout, pool, gradient.values(), winners, spread.values());
  Tensor nchw(shape);
  from_channels_last(layout, spread.values(), nchw.values());
  return nchw;
}
// endregion

// region judge-fused-forward
/// Runs forward on `problem` and keeps the winners.
Comparison judge_fused_forward(DirectConvolution& layer,
                               const RandomProblem& problem, std::int64_t pool,
                               const Tensor& input,
                               std::vector<std::uint8_t>& winners) {
  const ConvolutionGeometry& geometry = problem.geometry;
  std::vector<float> bias(static_cast<std::size_t>(geometry.output_channels));
  Random(1, 5).fill_uniform(bias, -1, 1);
  const ChannelsLast to = layer.output_layout();
  Tensor output({1, 1, 1, to.size()});
  output.fill(NAN);
  winners.assign(static_cast<std::size_t>(to.size()), 0);
  layer.forward(input.values(), problem.filter.values(), bias, output.values(),
                winners);
  Tensor nchw({to.batch, to.channels, to.height, to.width});
  from_channels_last(to, output.values(), nchw.values());
  const auto expected =
      pooled_reference(reference_forward(geometry, problem.input.values(),
                                         problem.filter.values()),
                       geometry.output_shape(), bias, pool);
  return compare(nchw.values(), expected, geometry.terms() + 1);
}
// endregion

// region judge-bias
/// A bias is added to every sum of its channel, so its gradient is the sum of
/// theirs.
Comparison judge_bias(const Tensor& sums, const std::vector<float>& actual) {
  const Shape shape = sums.shape();
  ReferenceResult expected({1, 1, 1, shape.channels});
  for (std::int64_t n = 0; n < shape.batch; ++n)
    for (std::int64_t c = 0; c < shape.channels; ++c)
      for (std::int64_t y = 0; y < shape.height; ++y)
        for (std::int64_t x = 0; x < shape.width; ++x) {
          const double gradient = sums(n, c, y, x);
          expected.value[static_cast<std::size_t>(c)] += gradient;
          expected.magnitude[static_cast<std::size_t>(c)] += std::abs(gradient);
        }
  return compare(actual, expected, shape.batch * shape.height * shape.width);
}
// endregion

// region judge-fused
FusedOutcomes judge_fused(const RandomProblem& problem,
                          const DirectOptions& options) {
  const ConvolutionGeometry& geometry = problem.geometry;
  DirectConvolution layer(geometry, options);
  const ChannelsLast from = layer.input_layout();
  const ChannelsLast to = layer.output_layout();
  Tensor input({1, 1, 1, from.size()});
  to_channels_last(from, problem.input.values(), input.values());
  std::vector<std::uint8_t> winners;
  FusedOutcomes outcomes;
  outcomes.output =
      judge_fused_forward(layer, problem, options.pool, input, winners);

  Tensor pooled_gradient({to.batch, to.channels, to.height, to.width});
  Random(1, 6).fill_uniform(pooled_gradient.values(), -1, 1);
  Tensor gradient({1, 1, 1, to.size()});
  to_channels_last(to, pooled_gradient.values(), gradient.values());
  const Tensor sums = gradient_of_sums(layer, options.pool, gradient, winners);

  Tensor input_gradient(input.shape());
  input_gradient.fill(NAN);
  layer.backward_input(gradient.values(), winners, problem.filter.values(),
                       input_gradient.values());
  Tensor images(geometry.input_shape());
  from_channels_last(from, input_gradient.values(), images.values());
  outcomes.input_gradient =
      compare(images.values(),
              reference_backward_input(geometry, sums.values(),
                                       problem.filter.values()),
              backward_input_terms(geometry));

  Tensor filters(geometry.filter_shape());
  filters.fill(NAN);
  std::vector<float> biases(static_cast<std::size_t>(to.channels), NAN);
  layer.backward_filter(input.values(), gradient.values(), winners,
                        filters.values(), biases);
  outcomes.filter_gradient =
      compare(filters.values(),
              reference_backward_filter(geometry, problem.input.values(),
                                        sums.values()),
              backward_filter_terms(geometry));
  outcomes.bias_gradient = judge_bias(sums, biases);
  return outcomes;
}
// endregion

// region check-convolutions
}  // namespace

void check_convolutions(Program& program) {
  auto implicit = open_verdicts("implicit");
  auto direct = open_verdicts("direct");
  for (const ConvolutionGeometry& geometry : checked_geometries()) {
    const RandomProblem problem(geometry, program.options().seed);
    const auto before = im2col_way(problem, multiply_add, "im2col", "im2col");
    for (const Isa isa : supported_isas()) {
      judge_way(implicit, implicit_way(problem, isa, program.threads()), before,
                problem);
      judge_way(direct, direct_way(problem, isa, program.threads()), before,
                problem);
    }
  }
  std::vector<Verdict> verdicts(implicit.begin(), implicit.end());
  verdicts.insert(verdicts.end(), direct.begin(), direct.end());
  report_verdicts(program, verdicts, 2);
}
// endregion

// region check-fusion
void check_fusion(Program& program) {
  FusedOutcomes all;
  for (const ConvolutionGeometry& geometry : checked_geometries()) {
    if (geometry.output_height() < 2 || geometry.output_width() < 2) continue;
    const RandomProblem problem(geometry, program.options().seed);
    for (const Isa isa : supported_isas()) {
      const FusedOutcomes one = judge_fused(
          problem,
          {.relu = true, .pool = 2, .threads = program.threads(), .isa = isa});
      all.output = merge(all.output, one.output);
      all.input_gradient = merge(all.input_gradient, one.input_gradient);
      all.filter_gradient = merge(all.filter_gradient, one.filter_gradient);
      all.bias_gradient = merge(all.bias_gradient, one.bias_gradient);
    }
  }
  const std::string label = "fused, ";
  program.check("fused/output", label + "forward", "float64", all.output);
  program.check("fused/input-gradient", label + "input gradient", "float64",
                all.input_gradient);
  program.check("fused/filter-gradient", label + "filter gradient", "float64",
                all.filter_gradient);
  program.check("fused/bias-gradient", label + "bias gradient", "float64",
                all.bias_gradient);
}

}  // namespace cnn
// endregion
