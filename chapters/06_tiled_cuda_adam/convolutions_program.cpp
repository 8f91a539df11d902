// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_samples.hpp"
#include "chapters/06_tiled_cuda_adam/winograd_bound.hpp"
#include "common/cuda/buffer.hpp"
#include "common/cuda/check.hpp"
#include "common/cuda/timing.hpp"
#include "common/error_bound.hpp"
#include "common/machine.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region peer-shapes
/// Convolutions of the reports' networks, and larger ones as they are met in
/// networks for photographs: batch, input channels, size, output channels.
constexpr std::array kShapes{
    ConvolutionGeometry{64, 1, 28, 28, 32, 3, 3, 1, 0},
    ConvolutionGeometry{64, 32, 13, 13, 64, 3, 3, 1, 0},
    ConvolutionGeometry{1024, 32, 13, 13, 64, 3, 3, 1, 0},
    ConvolutionGeometry{512, 40, 14, 14, 60, 3, 3, 1, 1},
    ConvolutionGeometry{128, 64, 56, 56, 64, 3, 3, 1, 1},
    ConvolutionGeometry{128, 128, 28, 28, 128, 3, 3, 1, 1},
    ConvolutionGeometry{128, 256, 14, 14, 256, 3, 3, 1, 1}};

constexpr std::array kPasses{ConvolutionPass::kForward,
                             ConvolutionPass::kInputGradient,
                             ConvolutionPass::kFilterGradient};
// endregion

// region bench
class Bench {
 public:
  explicit Bench(const ConvolutionGeometry& geometry)
      : problem_(geometry, 1),
        input_(problem_.input.values().size()),
        filter_(problem_.filter.values().size()),
        output_(problem_.output_gradient.values().size()),
        result_(std::max({input_.size(), filter_.size(), output_.size()})) {
    input_.upload(problem_.input.values(), stream_);
    filter_.upload(problem_.filter.values(), stream_);
    output_.upload(problem_.output_gradient.values(), stream_);
    stream_.synchronize();
  }

  RandomProblem& problem() { return problem_; }

  void run(ConvolutionPass pass, const ConvolutionPlan& plan) {
    const ConvolutionGeometry& g = problem_.geometry;
    switch (pass) {
      case ConvolutionPass::kForward:
        return convolution_forward(g, plan, input_.data(), filter_.data(),
                                   nullptr, false, result_.data(),
                                   workspace_.data(), stream_);
      case ConvolutionPass::kInputGradient:
        return convolution_backward_input(g, plan, output_.data(),
                                          filter_.data(), result_.data(),
                                          workspace_.data(), stream_);
      case ConvolutionPass::kFilterGradient:
        return convolution_backward_filter(g, plan, input_.data(),
                                           output_.data(), result_.data(),
                                           workspace_.data(), stream_);
    }
  }

  // endregion

  // region bench-time
  /// Checks, then times. The ratio is that of the largest error to its bound.
  Timing time(ConvolutionPass pass, const ConvolutionPlan& plan,
              const Samples& samples, double& ratio) {
    const auto needed =
        static_cast<std::size_t>(workspace_size(problem_.geometry, pass, plan));
    if (workspace_.size() < needed) {
      workspace_ = DeviceBuffer<float>();
      workspace_ = DeviceBuffer<float>(needed);
    }
    cuda_check(cudaMemsetAsync(result_.data(), 0xff,
                               result_.size() * sizeof(float), stream_.get()),
               "cudaMemsetAsync");
    run(pass, plan);
    std::vector<float> actual(samples.place.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
      copy_to_host(&actual[i], result_.data() + samples.place[i], sizeof(float),
                   stream_);
    }
    stream_.synchronize();
    const bool winograd = plan.method == ConvolutionWay::kWinograd;
    const ConvolutionGeometry& g = problem_.geometry;
    const Comparison outcome =
        compare(actual,
                Reference{samples.value,
                          winograd ? samples.winograd : samples.magnitude},
                winograd ? winograd_terms(g, pass) : terms_of(g, pass));
    ratio = outcome.largest_ratio;
    return time_on_gpu(
        stream_, [&] { run(pass, plan); }, kPlan);
  }

  // endregion

  // region bench-yardstick
  std::optional<GpuYardstick> yardstick(ConvolutionPass pass,
                                        std::string& why_not) {
    const ConvolutionGeometry& g = problem_.geometry;
    Tensor result(result_shape(g, pass));
    switch (pass) {
      case ConvolutionPass::kForward:
        return cudnn_convolution_forward(problem_.input, problem_.filter,
                                         g.stride, g.padding, result, why_not,
                                         kPlan);
      case ConvolutionPass::kInputGradient:
        return cudnn_convolution_backward_input(
            problem_.output_gradient, problem_.filter, g.stride, g.padding,
            result, why_not, kPlan);
      case ConvolutionPass::kFilterGradient:
        return cudnn_convolution_backward_filter(
            problem_.input, problem_.output_gradient, g.stride, g.padding,
            result, why_not, kPlan);
    }
    return std::nullopt;
  }

 private:
  static inline const TimingPlan kPlan{
      .warm_up_s = 0.01, .repetitions = 7, .settled_s = 0.005, .enough_s = 0.1};

  RandomProblem problem_;
  Stream stream_;
  DeviceBuffer<float> input_;
  DeviceBuffer<float> filter_;
  DeviceBuffer<float> output_;
  DeviceBuffer<float> result_;
  DeviceBuffer<float> workspace_;
};
// endregion

// region measure
struct Row {
  double ours = 0;
  double theirs = 0;
};

Row measure(Bench& bench, ConvolutionPass pass, bool tune, bool peers) {
  const ConvolutionGeometry& g = bench.problem().geometry;
  const Samples samples = sample(bench.problem(), pass);
  const double flop = convolution_work(g).flop;
  const ConvolutionPlan chosen = choose_plan(g, pass, multiprocessors());
  Row row;
  const auto show = [&](const ConvolutionPlan& plan, const char* mark) {
    double ratio = 0;
    const Timing timing = bench.time(pass, plan, samples, ratio);
    fmt::print(
        "  {:<1} {:<32} {:>8.1f} us {:>6.1f} TFLOP/s  {:>8.1e} of bound{}\n",
        mark, to_string(plan, pass), timing.median_s * 1e6,
        flop / timing.median_s * 1e-12, ratio,
        ratio <= 1 ? "" : "  <- too much");
    std::fflush(stdout);
    return timing.median_s;
  };
  fmt::print("{}, {}\n", to_string(g), to_string(pass));
  row.ours = show(chosen, "*");
  if (tune) {
    for (const ConvolutionPlan& plan :
         possible_plans(g, pass, multiprocessors())) {
      show(plan, " ");
    }
  }
  std::string why_not;
  const auto theirs = peers ? bench.yardstick(pass, why_not) : std::nullopt;
  if (theirs) {
    row.theirs = theirs->timing.median_s;
    fmt::print("    {:<32} {:>8.1f} us {:>6.1f} TFLOP/s\n", theirs->description,
               row.theirs * 1e6, flop / row.theirs * 1e-12);
  } else {
    fmt::print("    no cuDNN: {}\n", why_not);
  }
  std::fflush(stdout);
  return row;
}

// endregion

// region story
int story(int argc, char** argv) {
  bool tune = false;
  bool peers = true;
  int only = -1;
  for (int i = 1; i < argc; ++i) {
    tune = tune || std::strcmp(argv[i], "--tune") == 0;
    peers = peers && std::strcmp(argv[i], "--alone") != 0;
    if (std::isdigit(argv[i][0]) != 0) only = argv[i][0] - '0';
  }
  std::string why_not;
  if (!describe_gpu(why_not)) {
    fmt::print("skipped: {}\n", why_not);
    return 77;
  }
  double logarithms = 0;
  int count = 0;
  int index = 0;
  for (const ConvolutionGeometry& geometry : kShapes) {
    if (only >= 0 && index++ != only) continue;
    Bench bench(geometry);
    for (const ConvolutionPass pass : kPasses) {
      const Row row = measure(bench, pass, tune, peers);
      if (row.theirs <= 0) continue;
      logarithms += std::log(row.theirs / row.ours);
      ++count;
    }
  }
  if (count > 0) {
    fmt::print("geometric mean of cuDNN's time over ours: {:.2f}\n",
               std::exp(logarithms / count));
  }
  return 0;
}
// endregion

// region main
}  // namespace CNN_GPU
}  // namespace cnn

int main(int argc, char** argv) {
  return cnn::story(argc, argv);
}
// endregion
