// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "chapters/06_tiled_cuda_adam/peer_convolutions.hpp"
#include "chapters/06_tiled_cuda_adam/stories.hpp"
#include "chapters/06_tiled_cuda_adam/workbench.hpp"
#include "common/progress.hpp"
#include "common/random.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
// endregion

// region time-trial
namespace {

/// A wrong kernel is never timed: it is checked here, at this size, too.
Timing check_and_time(Program& program, const NamedTrial& trial,
                      const std::string& id, const std::string& label,
                      const TimingPlan& plan) {
  const Progress progress("checking and timing " + label);
  const Comparison outcome = trial.trial.check();
  program.results().add_check({id, label, "float64", outcome});
  if (!outcome.passed()) {
    throw std::logic_error(fmt::format("{}: {}", id, describe(outcome)));
  }
  return trial.trial.time(plan);
}

const Measurement& time_trial(Program& program, const NamedTrial& trial,
                              const std::string& id, const std::string& label,
                              const std::string& group,
                              const TimingPlan& plan) {
  const Timing timing = check_and_time(program, trial, id, label, plan);
  return program.add_measurement(id, label, trial.trial.work, timing,
                                 {.group = group, .device = "gpu"});
}
// endregion

// region time-cublas
TimingPlan product_plan() {
  return {.warm_up_s = 0.005,
          .repetitions = 5,
          .settled_s = 0.01,
          .enough_s = 0.06};
}

/// Its seconds, or 0, having said why.
double time_cublas(Program& program, int size, const std::string& group,
                   const Work& work) {
  const auto elements =
      static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  std::vector<float> a(elements);
  std::vector<float> b(elements);
  std::vector<float> c(elements);
  Random(program.options().seed, 0).fill_uniform(a, -1, 1);
  Random(program.options().seed, 1).fill_uniform(b, -1, 1);
  std::string why_not;
  const auto cublas =
      cublas_sgemm(size, size, size, a, b, c, why_not, product_plan());
  if (!cublas) {
    program.absent("yardstick: cuBLAS", why_not);
    return 0;
  }
  program.add_measurement(fmt::format("product/{}/cublas", size),
                          "yardstick: cuBLAS", work, cublas->timing,
                          {.group = group, .device = "gpu"});
  program.results().set_value("yardstick.cublas", cublas->description);
  return cublas->timing.median_s;
}
// endregion

// region time-one-size
void time_size(Program& program, int size, int first_step) {
  const std::string group = fmt::format("{} x {} x {}", size, size, size);
  double best = HUGE_VAL;
  Work work;
  for (const NamedTrial& trial :
       make_workbench(Device::kGpu).products({size, size, size}, first_step)) {
    const Measurement& row =
        time_trial(program, trial, fmt::format("product/{}/{}", size, trial.id),
                   trial.label, group, product_plan());
    best = std::min(best, row.timing.median_s);
    work = row.work;
  }
  const double theirs = time_cublas(program, size, group, work);
  if (theirs <= 0) return;
  program.results().set_value(fmt::format("product.{}.share_of_cublas", size),
                              theirs / best);
  fmt::print("  the fastest of ours does {:.1f} % of what cuBLAS does\n",
             100 * theirs / best);
}

}  // namespace
// endregion

// region time-products
void time_products(Program& program) {
  const bool quick = program.options().quick;
  const std::vector<int> sizes =
      quick ? std::vector{256, 512} : std::vector{1024, 2048, 4096, 8192};
  for (const int size : sizes) {
    // At the largest size a single slow product takes seconds.
    constexpr int kFirstFast = 5;
    time_size(program, size, size > 4096 ? kFirstFast : 0);
  }
}
// endregion

// region time-one-convolution
namespace {

/// "128x64x56-64".
std::string id_of(const ConvolutionGeometry& g) {
  return fmt::format("{}x{}x{}-{}", g.batch, g.input_channels, g.input_height,
                     g.output_channels);
}

std::string id_of(ConvolutionPass pass) {
  std::string id = to_string(pass);
  std::ranges::replace(id, ' ', '-');
  return id;
}

/// cuDNN's time over ours; 0 without cuDNN.
double time_convolution(Program& program,
                        const std::shared_ptr<const RandomProblem>& problem,
                        ConvolutionPass pass) {
  const ConvolutionGeometry& g = problem->geometry;
  const std::string group = to_string(g);
  const std::string id =
      fmt::format("convolutions/{}/{}", id_of(g), id_of(pass));
  const NamedTrial plan =
      make_workbench(Device::kGpu).convolution(problem, pass);
  const Measurement& ours =
      time_trial(program, plan, id + "/ours",
                 fmt::format("{}: {}", to_string(pass), plan.label), group,
                 convolution_timing());
  std::string why_not;
  const auto theirs = cudnn_convolution(*problem, pass, why_not);
  if (!theirs) {
    program.absent("yardstick: cuDNN", why_not);
    return 0;
  }
  program.add_measurement(id + "/cudnn", to_string(pass) + ", yardstick: cuDNN",
                          ours.work, theirs->timing,
                          {.group = group, .device = "gpu"});
  program.results().set_value(
      fmt::format("convolutions.{}.{}.cudnn", id_of(g), id_of(pass)),
      theirs->description);
  return theirs->timing.median_s / ours.timing.median_s;
}

}  // namespace
// endregion

// region time-convolutions
void time_convolutions_on_gpu(Program& program) {
  std::vector<double> gains;
  const std::size_t shapes =
      program.options().quick ? 2 : kPeerConvolutions.size();
  for (const ConvolutionGeometry& geometry :
       std::span(kPeerConvolutions).first(shapes)) {
    const auto problem =
        std::make_shared<const RandomProblem>(geometry, program.options().seed);
    for (const ConvolutionPass pass : kConvolutionPasses) {
      const double gain = time_convolution(program, problem, pass);
      if (gain > 0) gains.push_back(gain);
    }
  }
  if (gains.empty()) return;
  double logarithms = 0;
  for (const double gain : gains) logarithms += std::log(gain);
  const double mean = std::exp(logarithms / static_cast<double>(gains.size()));
  const double least = std::ranges::min(gains);
  program.results().set_value("convolutions.geometric_mean", mean);
  program.results().set_value("convolutions.least", least);
  fmt::print(
      "cuDNN's time over ours: geometric mean {:.2f}, least {:.2f}, of {}\n",
      mean, least, gains.size());
}

}  // namespace cnn
// endregion
