// region quiet: includes
#include "chapters/06_tiled_cuda_adam/convolution_trials.hpp"

#include <string>
#include <utility>

#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/06_tiled_cuda_adam/winograd_bound.hpp"
#include "common/cuda/check.hpp"
#include "common/cuda/timing.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region convolution-arrays
ConvolutionProblem::ConvolutionProblem(
    std::shared_ptr<const RandomProblem> problem, ConvolutionPass pass)
    : problem_(std::move(problem)),
      pass_(pass),
      samples_(sample(*problem_, pass)),
      input_(problem_->input.values().size()),
      filter_(problem_->filter.values().size()),
      output_(problem_->output_gradient.values().size()),
      result_(static_cast<std::size_t>(
          result_shape(problem_->geometry, pass).size())) {
  input_.upload(problem_->input.values(), stream_);
  filter_.upload(problem_->filter.values(), stream_);
  output_.upload(problem_->output_gradient.values(), stream_);
  stream_.synchronize();
}

void ConvolutionProblem::reserve(const ConvolutionPlan& plan) {
  const auto needed =
      static_cast<std::size_t>(workspace_size(geometry(), pass_, plan));
  if (workspace_.size() >= needed) return;
  workspace_ = DeviceBuffer<float>();  // the old one first makes room
  workspace_ = DeviceBuffer<float>(needed);
}
// endregion

// region convolution-run
void ConvolutionProblem::run(const ConvolutionPlan& plan) {
  const ConvolutionGeometry& g = geometry();
  switch (pass_) {
    case ConvolutionPass::kForward:
      return convolution_forward(g, plan, input_.data(), filter_.data(),
                                 nullptr, false, result_.data(),
                                 workspace_.data(), stream_);
    case ConvolutionPass::kInputGradient:
      return convolution_backward_input(g, plan, output_.data(), filter_.data(),
                                        result_.data(), workspace_.data(),
                                        stream_);
    case ConvolutionPass::kFilterGradient:
      return convolution_backward_filter(g, plan, input_.data(), output_.data(),
                                         result_.data(), nullptr,
                                         workspace_.data(), stream_);
  }
}
// endregion

// region convolution-judge
Comparison ConvolutionProblem::judge(const ConvolutionPlan& plan) {
  reserve(plan);
  cuda_check(cudaMemsetAsync(result_.data(), 0xff,
                             result_.size() * sizeof(float), stream_.get()),
             "cudaMemsetAsync");
  run(plan);
  std::vector<float> actual(samples_.place.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    copy_to_host(&actual[i], result_.data() + samples_.place[i], sizeof(float),
                 stream_);
  }
  stream_.synchronize();
  if (plan.method == ConvolutionAlgorithm::kWinograd) {
    return compare(actual, {samples_.value, samples_.winograd},
                   winograd_terms(geometry(), pass_));
  }
  return compare(actual, {samples_.value, samples_.magnitude},
                 terms_of(geometry(), pass_));
}
// endregion

// region convolution-trial-made
namespace {

std::string id_of(ConvolutionAlgorithm method) {
  switch (method) {
    case ConvolutionAlgorithm::kFirstLayer:
      return "first-layer";
    case ConvolutionAlgorithm::kTiles:
      return "tiles";
    case ConvolutionAlgorithm::kWinograd:
      break;
  }
  return "winograd";
}

}  // namespace

NamedTrial convolution_trial(const std::shared_ptr<ConvolutionProblem>& problem,
                             const ConvolutionPlan& plan) {
  NamedTrial named{id_of(plan.method), to_string(plan, problem->pass()), {}};
  named.trial.work = convolution_work(problem->geometry());
  named.trial.check = [=] { return problem->judge(plan); };
  named.trial.time = [=](const TimingPlan& timing) {
    problem->reserve(plan);
    return time_on_gpu(
        problem->stream(), [&] { problem->run(plan); }, timing);
  };
  return named;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
