// region quiet: includes
#include "chapters/05_naive_cuda/rungs.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "chapters/01_naive_convolution/ladder.hpp"
#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "chapters/03_blocked_gemm/convolution_ways.hpp"
#include "chapters/05_naive_cuda/experiment.hpp"

namespace cnn {
// endregion

// region cpu-rungs
namespace {

void climb(std::vector<std::string>& ids, Program& program,
           const RandomProblem& problem, const ConvolutionWay& way) {
  ids.push_back(fmt::format("ladder/{}-{}", way.id, way.threads));
  program.measure(ids.back(),
                  way.threads == 1
                      ? way.label
                      : fmt::format("{}, {} threads", way.label, way.threads),
                  convolution_work(problem.geometry), way.run[kForward],
                  {.group = "ladder", .threads = way.threads});
}
// endregion

// region gpu-rung
/// The same convolution by a backend's kernel: checked at this size, too, and
/// timed by events.
std::string climb_on_gpu(Program& program, const RandomProblem& problem,
                         const GpuRung& rung) {
  const std::string id = "ladder/" + rung.id;
  const ConvolutionGeometry& geometry = problem.geometry;
  const ConvolutionBlock block{geometry};
  const auto backend = rung.make(Device::kGpu);
  backend->reserve_convolution(block);
  const Array input = backend->allocate(problem.input.size());
  backend->upload_activation(geometry.input_shape(), problem.input.values(),
                             input);
  const Array filter = backend->allocate(problem.filter.size());
  backend->upload(problem.filter.values(), filter);
  const Array bias = backend->allocate(geometry.output_channels);  // zeros
  Tensor result(geometry.output_shape());
  const Array output = backend->allocate(result.size());
  const auto run = [&] {
    backend->convolution_forward(block, input, filter, bias, output, nullptr);
  };
  run();
  backend->download_activation(geometry.output_shape(), output,
                               result.values());
  program.check(id, rung.label, "float64",
                compare(result.values(),
                        reference_forward(geometry, problem.input.values(),
                                          problem.filter.values()),
                        geometry.terms()));
  const Timing timing =
      make_laboratory(Device::kGpu)
          .time_by_events(*backend, run, program.timing_plan());
  program.add_measurement(id, rung.label, convolution_work(geometry), timing,
                          {.group = "ladder", .device = "gpu"});
  return id;
}

}  // namespace
// endregion

// region climb
void climb_to_gpu(Program& program, const std::vector<GpuRung>& gpu_rungs) {
  const RandomProblem problem(ladder_geometry(program.options().quick),
                              program.options().seed);
  fmt::print("{}\n", to_string(problem.geometry));
  std::vector<std::string> ids = time_first_rungs(program, problem);
  climb(ids, program, problem,
        im2col_way(problem, multiply_add, "im2col-image", "02 im2col, image"));
  climb(ids, program, problem, implicit_way(problem, best_isa(), 1));
  climb(ids, program, problem, direct_way(problem, best_isa(), 1));
  if (program.threads() > 1) {
    climb(ids, program, problem,
          direct_way(problem, best_isa(), program.threads()));
  }
  for (const GpuRung& rung : gpu_rungs) {
    ids.push_back(climb_on_gpu(program, problem, rung));
  }
  if (const auto id = time_cudnn(program, problem)) ids.push_back(*id);
  program.ladder(ids);
}

}  // namespace cnn
// endregion
