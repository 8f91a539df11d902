// region quiet: includes
#include <cstdint>
#include <string>
#include <vector>

#include "chapters/03_blocked_gemm/direct_convolution.hpp"
#include "chapters/03_blocked_gemm/report_shapes.hpp"
#include "chapters/03_blocked_gemm/separate_passes.hpp"
#include "chapters/03_blocked_gemm/stories.hpp"
#include "common/random.hpp"

namespace cnn {

namespace {
// endregion

// region fusion-problem
Tensor random_floats(std::int64_t size, std::uint64_t seed,
                     std::uint64_t stream) {
  Tensor tensor({1, 1, 1, size});
  Random(seed, stream).fill_uniform(tensor.values(), -1, 1);
  return tensor;
}

/// One layer twice, with and without ReLU and pooling inside, and its arrays.
struct FusionProblem {
  DirectConvolution plain, fused;
  Tensor input, filter, output, small, small_gradient, filter_gradient;
  std::vector<std::uint8_t> winners;

  FusionProblem(const ConvolutionGeometry& geometry, std::uint64_t seed)
      : plain(geometry, {}),
        fused(geometry, {.relu = true, .pool = 2}),
        input(random_floats(plain.input_layout().size(), seed, 0)),
        filter(random_floats(geometry.filter_shape().size(), seed, 1)),
        output({1, 1, 1, plain.output_layout().size()}),
        small({1, 1, 1, fused.output_layout().size()}),
        small_gradient(random_floats(small.size(), seed, 2)),
        filter_gradient(filter.shape()),
        winners(static_cast<std::size_t>(small.size())) {}
};
// endregion

// region apart
/// Three passes over memory, where the fused layer has one.
void forward_apart(FusionProblem& p) {
  p.plain.forward(p.input.values(), p.filter.values(), {}, p.output.values(),
                  {});
  relu_pass(p.output.values());
  max_pool_pass(p.plain.output_layout(), 2, p.output.values(), p.small.values(),
                p.winners, DirectConvolution::kNobody);
}

/// Each number goes to its winner, then every pixel is multiplied, three of
/// four of them with 0.
void filter_gradient_apart(FusionProblem& p) {
  spread_pass(p.plain.output_layout(), 2, p.small_gradient.values(), p.winners,
              p.output.values());
  p.plain.backward_filter(p.input.values(), p.output.values(), {},
                          p.filter_gradient.values(), {});
}
// endregion

// region time-layer
void time_layer(Program& program, const ReportShape& shape) {
  ConvolutionGeometry geometry = shape.geometry;
  if (program.options().quick) geometry.batch = shape.quick_batch;
  FusionProblem p(geometry, program.options().seed);
  const Work work = convolution_work(geometry);
  const Work a_quarter{.flop = work.flop / 4, .bytes = work.bytes};
  const std::string id = "fusion/" + std::string(shape.id);
  const std::string label(shape.label);
  const MeasureOptions forward{.group = "ReLU and pooling, " + label};
  const MeasureOptions backward{.group = "under a pool, " + label};

  program.measure(
      id + "/convolution", "convolution alone", work,
      [&] {
        p.plain.forward(p.input.values(), p.filter.values(), {},
                        p.output.values(), {});
      },
      forward);
  program.measure(
      id + "/apart", "convolution, ReLU, pooling", work,
      [&] { forward_apart(p); }, forward);
  program.measure(
      id + "/fused", "all in one", work,
      [&] {
        p.fused.forward(p.input.values(), p.filter.values(), {},
                        p.small.values(), p.winners);
      },
      forward);

  program.measure(
      id + "/dense-gradient", "spread out, then all pixels", work,
      [&] { filter_gradient_apart(p); }, backward);
  program.measure(
      id + "/winners-gradient", "winners only", a_quarter,
      [&] {
        p.fused.backward_filter(p.input.values(), p.small_gradient.values(),
                                p.winners, p.filter_gradient.values(), {});
      },
      backward);
}

}  // namespace

void time_fusion(Program& program) {
  for (const ReportShape& shape : kReportShapes) time_layer(program, shape);
}

}  // namespace cnn
// endregion
