// region quiet: includes
#include "chapters/06_tiled_cuda_adam/peer_convolutions.hpp"

namespace cnn {
// endregion

// region cudnn-convolution
TimingPlan convolution_timing() {
  return {
      .warm_up_s = 0.01, .repetitions = 7, .settled_s = 0.005, .enough_s = 0.1};
}

std::optional<GpuYardstick> cudnn_convolution(const RandomProblem& problem,
                                              ConvolutionPass pass,
                                              std::string& why_not) {
  const ConvolutionGeometry& g = problem.geometry;
  const TimingPlan plan = convolution_timing();
  Tensor result(result_shape(g, pass));
  switch (pass) {
    case ConvolutionPass::kForward:
      return cudnn_convolution_forward(problem.input, problem.filter, g.stride,
                                       g.padding, result, why_not, plan);
    case ConvolutionPass::kInputGradient:
      return cudnn_convolution_backward_input(problem.output_gradient,
                                              problem.filter, g.stride,
                                              g.padding, result, why_not, plan);
    case ConvolutionPass::kFilterGradient:
      break;
  }
  return cudnn_convolution_backward_filter(problem.input,
                                           problem.output_gradient, g.stride,
                                           g.padding, result, why_not, plan);
}

}  // namespace cnn
// endregion
