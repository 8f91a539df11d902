// region quiet: includes
#include <fmt/format.h>

#include <chrono>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/05_naive_cuda/experiment.hpp"
#include "chapters/05_naive_cuda/experiments.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region convolution-on-backend
namespace {

/// A forward pass, ready to be asked for.
std::function<void()> prepare_forward(Backend& backend,
                                      const RandomProblem& problem) {
  const ConvolutionBlock block{problem.geometry};
  backend.reserve_convolution(block);
  const auto plain = [&](const Tensor& tensor) {
    const Array array = backend.allocate(tensor.size());
    backend.upload(tensor.values(), array);
    return array;
  };
  const Shape input_shape = problem.geometry.input_shape();
  const Array input = backend.allocate(backend.activation_size(input_shape));
  backend.upload_activation(input_shape, problem.input.values(), input);
  const Array filter = plain(problem.filter);
  const Array bias = backend.allocate(problem.geometry.output_channels);
  const Array output =
      backend.allocate(backend.activation_size(block.output()));
  return [=, &backend] {
    backend.convolution_forward(block, input, filter, bias, output, nullptr);
  };
}
// endregion

// region three-clocks
/// The host's clock around `run`, the GPU idle before. With `wait`, the GPU is
/// waited for before the clock is read again.
Timing host_clock(Backend& backend, const std::function<void()>& run,
                  bool wait) {
  using Clock = std::chrono::steady_clock;
  constexpr int kSamples = 51;
  std::vector<double> seconds;
  for (int sample = 0; sample < kSamples; ++sample) {
    backend.synchronise();
    const auto start = Clock::now();
    run();
    if (wait) backend.synchronise();
    const std::chrono::duration<double> taken = Clock::now() - start;
    if (sample > 0) seconds.push_back(taken.count());  // the first one loads
  }
  return summarise(seconds, "warm: the same data in every repetition");
}

void show_clock(Program& program, const std::string& id,
                const std::string& label, const Timing& timing) {
  fmt::print("  {:<40}{:>10.4f} s{:>14}\n", label, timing.median_s,
             format_seconds(timing.median_s));
  program.results().set_value("clock." + id, timing.median_s);
}

}  // namespace
// endregion

// region show-asynchronous-clock
void show_asynchronous_clock(Program& program) {
  const RandomProblem problem(ladder_geometry(program.options().quick),
                              program.options().seed);
  const auto backend = make_naive_backend(Device::kGpu);
  const auto run = prepare_forward(*backend, problem);
  fmt::print("a convolution, {}\n", to_string(problem.geometry));
  show_clock(program, "not_waiting", "host's clock, not waiting",
             host_clock(*backend, run, false));
  show_clock(program, "waiting", "host's clock, waiting",
             host_clock(*backend, run, true));
  const Laboratory laboratory = make_laboratory(Device::kGpu);
  show_clock(program, "events", "GPU's clock, by events",
             laboratory.time_by_events(*backend, run, program.timing_plan()));
}

}  // namespace cnn
// endregion
