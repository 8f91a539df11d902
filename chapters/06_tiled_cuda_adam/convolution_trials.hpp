// region quiet: includes
#pragma once

#include <memory>
#include <vector>

#include "chapters/06_tiled_cuda_adam/convolution_samples.hpp"
#include "chapters/06_tiled_cuda_adam/workbench.hpp"
#include "common/cuda/buffer.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region convolution-problem
/// The arrays of one pass of a convolution on the device, and what is right.
class ConvolutionProblem {
 public:
  ConvolutionProblem(std::shared_ptr<const RandomProblem> problem,
                     ConvolutionPass pass);

  const ConvolutionGeometry& geometry() const { return problem_->geometry; }
  ConvolutionPass pass() const { return pass_; }
  const Stream& stream() const { return stream_; }

  /// Makes room for what the plan needs beside the arrays.
  void reserve(const ConvolutionPlan& plan);
  /// Puts it into the stream. Needs reserve().
  void run(const ConvolutionPlan& plan);
  /// Fills the result with NaN, runs, and compares some of it with float64.
  Comparison judge(const ConvolutionPlan& plan);

 private:
  std::shared_ptr<const RandomProblem> problem_;
  ConvolutionPass pass_;
  Samples samples_;
  Stream stream_;
  DeviceBuffer<float> input_;
  DeviceBuffer<float> filter_;
  DeviceBuffer<float> output_;
  DeviceBuffer<float> result_;
  DeviceBuffer<float> workspace_;
};
// endregion

// region convolution-trial
/// A plan as a trial; its id is "first-layer", "tiles" or "winograd".
NamedTrial convolution_trial(const std::shared_ptr<ConvolutionProblem>& problem,
                             const ConvolutionPlan& plan);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
