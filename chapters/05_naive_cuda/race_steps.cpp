// region quiet: includes
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chapters/04_cpu_cnn/epoch_times.hpp"
#include "chapters/04_cpu_cnn/networks.hpp"
#include "chapters/04_cpu_cnn/profile.hpp"
#include "chapters/04_cpu_cnn/trainer.hpp"
#include "chapters/05_naive_cuda/fitting_batch.hpp"
#include "chapters/05_naive_cuda/training_race.hpp"
#include "common/progress.hpp"
#include "common/pytorch.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region training-on-the-clock
namespace {

constexpr std::int64_t kLookEvery = 5;  // steps; looking means waiting

/// A network in training on some backend, by chapter 4's Trainer.
class Training {
 public:
  Training(const ReportedNetwork& reported, const Dataset& pictures,
           const Runner& runner)
      : backend_(runner.make_backend()),
        pictures_(*backend_, pictures, to_unit_interval(pictures.channels)),
        network_(reported.model,
                 {reported.batch, pictures.channels, pictures.height,
                  pictures.width},
                 *backend_, 1),
        optimiser_(runner.make_optimiser(network_)),
        trainer_(network_, *optimiser_, pictures_, nullptr, plan()) {}

  /// Seconds for one step, by the host's clock: all steps up to the next look
  /// at the loss, and the look, divided by their number.
  Timing time(const TimingPlan& plan) {
    seconds_per_step();  // loads code, wakes the GPU
    std::vector<double> samples;
    double total = 0;
    while (!enough(plan, static_cast<int>(samples.size()), total)) {
      const std::int64_t before = trainer_.state().step;
      samples.push_back(seconds_per_step());
      total +=
          samples.back() * static_cast<double>(trainer_.state().step - before);
    }
    return summarise(samples, "training: every step takes other pictures");
  }

  double flop() const { return step_flop(network_); }
  // endregion

  // region training-members
 private:
  /// A rate that does no harm, and no end.
  static TrainingPlan plan() {
    TrainingPlan plan;
    plan.epochs = 100'000;
    plan.schedule.rate = 1e-3F;
    plan.look_every = kLookEvery;
    return plan;
  }

  double seconds_per_step() {
    using Clock = std::chrono::steady_clock;
    const std::int64_t before = trainer_.state().step;
    const auto start = Clock::now();
    trainer_.run_steps();
    const std::chrono::duration<double> taken = Clock::now() - start;
    return taken.count() / static_cast<double>(trainer_.state().step - before);
  }

  std::unique_ptr<Backend> backend_;
  DeviceDataset pictures_;
  Network network_;
  std::unique_ptr<Optimiser> optimiser_;
  Trainer trainer_;
};
// endregion

// region race-runners
TimingPlan step_plan(const Program& program) {
  TimingPlan plan = TimingPlan::quick();
  if (program.options().quick) return plan;
  plan.repetitions = 10;
  plan.settled_s = 0.3;
  plan.enough_s = 1;
  return plan;
}

/// A runner's step on record, and what it makes for an epoch.
void record_runner(Program& program, const ReportedNetwork& reported,
                   const Runner& runner, double flop, const Timing& step) {
  const bool on_cpu = runner.threads > 0;
  program.add_measurement(
      fmt::format("step/{}/{}", reported.number, runner.id), runner.label,
      {.flop = flop, .bytes = 0}, step,
      {.group = fmt::format("{}, {} pictures a step", reported.number,
                            reported.batch),
       .threads = on_cpu ? runner.threads : 1,
       .device = on_cpu ? "cpu" : "gpu"});
  const double steps =
      std::floor(kEpochPictures / static_cast<double>(reported.batch));
  program.results().set_value(
      fmt::format("epoch.{}.{}_seconds", reported.number, runner.id),
      step.median_s * steps);
}

/// As the runner that it is, too.
Runner pytorch_runner(const PyTorchTraining& training) {
  return training.graph ? Runner{.id = "pytorch",
                                 .name = "PyTorch's CUDA graph",
                                 .label = "yardstick: PyTorch, CUDA graph"}
                        : Runner{.id = "pytorch",
                                 .name = "PyTorch on the GPU",
                                 .label = "yardstick: PyTorch, GPU"};
}
// endregion

// region ask-pytorch
/// PyTorch on the same GPU, float32 without TF32: all networks at once, as
/// starting it takes longer than timing it. Empty where there is none.
std::vector<PyTorchEpoch> ask_pytorch(
    Program& program, const std::vector<ReportedNetwork>& networks,
    PyTorchTraining training) {
  if (program.options().quick) return {};
  training.threads = program.threads();
  training.gpu = true;
  std::vector<PyTorchTraining> trainings;
  trainings.reserve(networks.size());
  for (const ReportedNetwork& reported : networks) {
    training.network = reported.which;
    training.batch = reported.batch;
    trainings.push_back(training);
  }
  const Progress progress("asking PyTorch");
  TimingPlan plan = step_plan(program);
  plan.warm_up_s = 0.3;
  std::string why_not;
  auto epochs = pytorch_epochs(trainings, why_not, plan);
  if (!epochs) {
    program.absent(pytorch_runner(training).label, why_not);
    return {};
  }
  program.results().set_value("yardstick.pytorch", epochs->front().description);
  return *std::move(epochs);
}
// endregion

// region race-one-runner
/// Builds the network and times its step. Where the GPU has too little memory,
/// the sentence says which batch would fit.
Timing time_runner(const Program& program, const ReportedNetwork& reported,
                   const Dataset& pictures, const Runner& runner,
                   double& flop) {
  std::unique_ptr<Training> training;
  build_or_advise(reported.batch, [&](std::int64_t batch) {
    training.reset();
    ReportedNetwork sized = reported;
    sized.batch = batch;
    training = std::make_unique<Training>(sized, pictures, runner);
  });
  flop = training->flop();
  return training->time(step_plan(program));
}

void race_network(Program& program, const ReportedNetwork& reported,
                  const Dataset& pictures, const std::vector<Runner>& runners) {
  for (const Runner& runner : runners) {
    double flop = 0;
    const Timing step = time_runner(program, reported, pictures, runner, flop);
    record_runner(program, reported, runner, flop, step);
  }
}

}  // namespace
// endregion

// region cpu-runner
Runner cpu_runner(const Program& program, MakeOptimiser make_optimiser) {
  const int threads = program.threads();
  return {.id = "cpu",
          .name = "CPU",
          .label = fmt::format("04 CPU, {} threads", threads),
          .threads = threads,
          .make_backend = [=] { return make_cpu_backend(threads); },
          .make_optimiser = std::move(make_optimiser)};
}
// endregion

// region race-steps
void race_steps(Program& program, const Dataset& pictures,
                const std::vector<Runner>& runners, PyTorchTraining pytorch) {
  const auto networks = reported_networks(std::ssize(pictures.class_names));
  const auto theirs = ask_pytorch(program, networks, pytorch);
  std::vector<Runner> all = runners;
  all.push_back(pytorch_runner(pytorch));
  for (std::size_t i = 0; i < networks.size(); ++i) {
    race_network(program, networks[i], pictures, runners);
    if (theirs.empty()) continue;
    const auto id =
        fmt::format("step/{}/{}", networks[i].number, runners.front().id);
    record_runner(program, networks[i], all.back(),
                  program.results().measurement(id).work.flop, theirs[i].step);
  }
  fmt::print("an epoch of 60,000 pictures then takes:\n");
  const auto& values = program.results().values();
  for (const ReportedNetwork& reported : networks) {
    std::string line;
    for (const Runner& runner : all) {
      const auto found = values.find(
          fmt::format("epoch.{}.{}_seconds", reported.number, runner.id));
      line +=
          fmt::format("{} {} {:>8}", line.empty() ? "" : ",", runner.name,
                      found == values.end()
                          ? std::string("-")
                          : format_seconds(std::get<double>(found->second)));
    }
    fmt::print("  {}:{}\n", reported.number, line);
  }
}

}  // namespace cnn
// endregion
