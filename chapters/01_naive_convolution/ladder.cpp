// region quiet: includes
#include "chapters/01_naive_convolution/ladder.hpp"

#include "chapters/01_naive_convolution/reference.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
// endregion

// region time-order
void time_order(Program& program, const std::string& id,
                const std::string& label, const std::string& group,
                const LoopOrder& order, const RandomProblem& problem) {
  Tensor output(problem.geometry.output_shape());
  program.measure(id, label, convolution_work(problem.geometry),
                  [&] {
                    order.run(problem.geometry, problem.input.values(),
                              problem.filter.values(), output.values());
                  },
                  {.group = group});
}
// endregion

// region first-rungs
std::vector<std::string> time_first_rungs(Program& program,
                                          const RandomProblem& problem) {
  time_order(program, "ladder/seven-loops", "01 seven loops", "ladder",
             loop_orders().front(), problem);
  time_order(program, "ladder/best-order", "01 better loop order", "ladder",
             loop_orders().back(), problem);
  return {"ladder/seven-loops", "ladder/best-order"};
}
// endregion

// region time-cudnn
std::optional<std::string> time_cudnn(Program& program,
                                      const RandomProblem& problem) {
  const std::string id = "ladder/cudnn";
  const std::string label = "yardstick: cuDNN on the GPU";
  if (program.options().no_gpu) {
    program.absent(label, "--no-gpu was given");
    return std::nullopt;
  }
  const ConvolutionGeometry& geometry = problem.geometry;
  Tensor output(geometry.output_shape());
  std::string why_not;
  const auto cudnn = cudnn_convolution_forward(
      problem.input, problem.filter, geometry.stride, geometry.padding, output,
      why_not, program.timing_plan());
  if (!cudnn) {
    program.absent(label, why_not);
    return std::nullopt;
  }
  program.results().set_value("yardstick.cudnn", cudnn->description);
  program.check("cudnn", label, "float64",
                compare(output.values(),
                        reference_forward(geometry, problem.input.values(),
                                          problem.filter.values()),
                        geometry.terms()));
  program.add_measurement(id, label, convolution_work(geometry), cudnn->timing,
                          {.group = "ladder", .device = "gpu"});
  return id;
}

}  // namespace cnn
// endregion
