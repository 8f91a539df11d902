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
#include "chapters/05_naive_cuda/device.hpp"
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
           std::unique_ptr<Backend> backend)
      : backend_(std::move(backend)),
        pictures_(*backend_, pictures, to_unit_interval(pictures.channels)),
        network_(reported.model,
                 {reported.batch, pictures.channels, pictures.height,
                  pictures.width},
                 *backend_, 1),
        optimiser_(make_sgd(network_)),
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

/// One runner: its step on record, and what it makes for an epoch.
void record_runner(Program& program, const ReportedNetwork& reported,
                   const std::string& who, const std::string& label,
                   double flop, const Timing& step,
                   const MeasureOptions& options) {
  program.add_measurement("step/" + reported.number + "/" + who, label,
                          {.flop = flop, .bytes = 0}, step, options);
  const double steps =
      std::floor(kEpochPictures / static_cast<double>(reported.batch));
  program.results().set_value(
      fmt::format("epoch.{}.{}_seconds", reported.number, who),
      step.median_s * steps);
}

/// PyTorch on the same GPU, eagerly, float32 without TF32: all networks at
/// once, as starting it takes longer than timing it. Empty where there is none.
std::vector<PyTorchEpoch> ask_pytorch(
    Program& program, const std::vector<ReportedNetwork>& networks) {
  if (program.options().quick) return {};
  std::vector<PyTorchTraining> trainings;
  trainings.reserve(networks.size());
  for (const ReportedNetwork& reported : networks) {
    trainings.push_back({.network = reported.which,
                         .batch = reported.batch,
                         .threads = program.threads(),
                         .gpu = true});
  }
  const Progress progress("asking PyTorch");
  TimingPlan plan = step_plan(program);
  plan.warm_up_s = 0.3;
  std::string why_not;
  auto epochs = pytorch_epochs(trainings, why_not, plan);
  if (!epochs) {
    program.absent("yardstick: PyTorch, GPU", why_not);
    return {};
  }
  program.results().set_value("yardstick.pytorch", epochs->front().description);
  return *std::move(epochs);
}
// endregion

// region race-one-network
void race_network(Program& program, const ReportedNetwork& reported,
                  const Dataset& pictures, const PyTorchEpoch* pytorch) {
  const std::string group =
      fmt::format("{}, {} pictures a step", reported.number, reported.batch);
  const MeasureOptions cpu{.group = group, .threads = program.threads()};
  const MeasureOptions gpu{.group = group, .device = "gpu"};
  double flop = 0;
  {
    Training training(reported, pictures, make_cpu_backend(program.threads()));
    flop = training.flop();
    record_runner(program, reported, "cpu",
                  fmt::format("04 CPU, {} threads", program.threads()), flop,
                  training.time(step_plan(program)), cpu);
  }
  Training training(reported, pictures, make_naive_backend(Device::kGpu));
  record_runner(program, reported, "gpu", "05 naive GPU", flop,
                training.time(step_plan(program)), gpu);
  if (pytorch == nullptr) return;
  record_runner(program, reported, "pytorch", "yardstick: PyTorch, GPU", flop,
                pytorch->step, gpu);
}

}  // namespace
// endregion

// region race-steps
void race_steps(Program& program, const Dataset& pictures) {
  const auto networks = reported_networks(std::ssize(pictures.class_names));
  const auto pytorch = ask_pytorch(program, networks);
  for (std::size_t i = 0; i < networks.size(); ++i) {
    race_network(program, networks[i], pictures,
                 pytorch.empty() ? nullptr : &pytorch[i]);
  }
  fmt::print("an epoch of 60,000 pictures then takes:\n");
  const auto& values = program.results().values();
  for (const ReportedNetwork& reported : networks) {
    const auto text = [&](const std::string& who) {
      const auto found =
          values.find(fmt::format("epoch.{}.{}_seconds", reported.number, who));
      return found == values.end()
                 ? std::string("-")
                 : format_seconds(std::get<double>(found->second));
    };
    fmt::print("  {}: CPU {:>8}, naive GPU {:>8}, PyTorch on the GPU {:>8}\n",
               reported.number, text("cpu"), text("gpu"), text("pytorch"));
  }
}

}  // namespace cnn
// endregion
