// region quiet: includes
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include "chapters/06_tiled_cuda_adam/peer_convolutions.hpp"
#include "chapters/06_tiled_cuda_adam/workbench.hpp"
#include "common/program.hpp"

namespace {

using namespace cnn;
// endregion

// region convolutions-flags
struct Flags {
  bool tune = false;
  bool alone = false;
  std::int64_t shape = 0;  ///< counted from 1; 0: all

  ChapterFlags flags() {
    return ChapterFlags()
        .yes("--tune", "Every plan that there is, not only ours", tune)
        .yes("--alone", "Without cuDNN", alone)
        .whole_number("--shape", "Only this one, counted from 1 (all)", shape,
                      0, std::ssize(kPeerConvolutions));
  }
};
// endregion

// region show-plan
/// Seconds. Throws std::runtime_error for a plan that is wrong.
double show(const NamedTrial& plan, const char* mark) {
  const Comparison outcome = plan.trial.check();
  if (!outcome.passed()) {
    throw std::runtime_error(plan.label + ": " + describe(outcome));
  }
  const double seconds = plan.trial.time(convolution_timing()).median_s;
  fmt::print("  {} {:<32} {:>8.1f} us {:>6.1f} TFLOP/s  {:>8.1e} of bound\n",
             mark, plan.label, seconds * 1e6,
             plan.trial.work.flop / seconds * 1e-12, outcome.largest_ratio);
  std::fflush(stdout);
  return seconds;
}
// endregion

// region show-pass
/// cuDNN's time over ours; 0 when there is nothing to compare.
double show(const std::shared_ptr<const RandomProblem>& problem,
            ConvolutionPass pass, const Flags& flags) {
  const Workbench bench = make_workbench(Device::kGpu);
  fmt::print("{}, {}\n", to_string(problem->geometry), to_string(pass));
  const double ours = show(bench.convolution(problem, pass), "*");
  if (flags.tune) {
    for (const NamedTrial& plan : bench.all_convolutions(problem, pass)) {
      show(plan, " ");
    }
  }
  if (flags.alone) return 0;
  std::string why_not;
  const auto theirs = cudnn_convolution(*problem, pass, why_not);
  if (!theirs) {
    fmt::print("    no cuDNN: {}\n", why_not);
    return 0;
  }
  const double seconds = theirs->timing.median_s;
  fmt::print("    {:<32} {:>8.1f} us {:>6.1f} TFLOP/s\n", theirs->description,
             seconds * 1e6,
             convolution_work(problem->geometry).flop / seconds * 1e-12);
  std::fflush(stdout);
  return seconds / ours;
}
// endregion

// region convolutions-story
void story(Program& program, const Flags& flags) {
  double logarithms = 0;
  int count = 0;
  std::int64_t number = 0;
  for (const ConvolutionGeometry& geometry : kPeerConvolutions) {
    if (++number != flags.shape && flags.shape != 0) continue;
    const auto problem =
        std::make_shared<const RandomProblem>(geometry, program.options().seed);
    for (const ConvolutionPass pass : kConvolutionPasses) {
      const double gain = show(problem, pass, flags);
      if (gain <= 0) continue;
      logarithms += std::log(gain);
      ++count;
    }
  }
  if (count == 0) return;
  fmt::print("geometric mean of cuDNN's time over ours: {:.2f}\n",
             std::exp(logarithms / count));
}

}  // namespace
// endregion

// region convolutions-main
int main(int argc, char** argv) {
  Flags flags;
  return run_program(
      argc, argv,
      {"06_convolutions", "06_convolutions", "Convolutions on the GPU",
       "This chapter's convolutions by themselves, checked, then timed."},
      [&](Program& program) { story(program, flags); }, flags.flags());
}
// endregion
