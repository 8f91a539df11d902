// region quiet: includes
#include "chapters/05_naive_cuda/experiments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "chapters/05_naive_cuda/experiment.hpp"
#include "common/errors.hpp"
#include "common/progress.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region make-laboratory
Laboratory make_laboratory(Device device) {
  const std::string reason = why_not(device);
#ifdef COURSE_HAS_CUDA
  if (device == Device::kGpu && reason.empty()) return make_laboratory_on_gpu();
#endif
#ifdef COURSE_HAS_SIMT
  if (device == Device::kEmulator && reason.empty()) {
    return make_laboratory_emulated();
  }
#endif
  throw SkipError(reason);
}
// endregion

// region check-experiments
namespace {

/// Copies change nothing.
Comparison check_copies(const Laboratory& laboratory) {
  constexpr std::int64_t kBytes = 12'345;
  Comparison comparison;
  comparison.elements = kBytes;
  comparison.failures = laboratory.changed_by_copies(kBytes);
  return comparison;
}

}  // namespace

void check_experiments(Program& program, Device device) {
  const Laboratory laboratory = make_laboratory(device);
  const std::string on = device == Device::kGpu ? "gpu/" : "emulator/";
  const std::string against = "whole numbers, " + to_string(device);
  for (const auto& make : laboratory.experiments) {
    const Series experiment = make(Scale::kCheck);
    Comparison all;
    for (const Trial& trial : experiment.trials) {
      all = merge(all, trial.check());
    }
    program.check(on + experiment.id, experiment.label, against, all);
  }
  program.check(on + "copies", "copies, there and back", against,
                check_copies(laboratory));
}
// endregion

// region time-trials
namespace {

/// Short: there are many of them, and the GPU's clock is steady.
TimingPlan trial_plan(const Program& program) {
  TimingPlan plan = TimingPlan::quick();
  plan.warm_up_s = program.options().quick ? 0.005 : 0.02;
  plan.enough_s = 0.05;
  return plan;
}

/// A chain of loads, told by the time of one, not by a rate.
bool is_chain(const Series& experiment) {
  return experiment.id == "latency";
}

struct TimedTrial {
  double place = 0;
  Measurement measurement;
  double step_s = 0;  ///< one of the steps that a thread takes in a row
};

std::vector<TimedTrial> time_trials(Program& program,
                                    const Series& experiment) {
  const Progress progress("experiment: " + experiment.label);
  TimingPlan plan = trial_plan(program);
  // One launch of a chain goes to a part of the memory only: it takes some of
  // them until the caches hold what they can.
  if (is_chain(experiment)) plan.warm_up_s *= 5;
  std::vector<TimedTrial> timed;
  for (const Trial& trial : experiment.trials) {
    const Timing timing = trial.time(plan);
    const std::string place = fmt::format("{:.0f}", trial.place);
    const double steps = static_cast<double>(trial.steps);
    timed.push_back({trial.place,
                     {.id = experiment.id + "/" + place,
                      .label = place,
                      .group = experiment.label,
                      .device = "gpu",
                      .threads = 1,
                      .timing = timing,
                      .work = trial.work},
                     steps > 0 ? timing.median_s / steps : NAN});
  }
  return timed;
}
// endregion

// region record-trials
void record_trials(Results& results, const std::string& id,
                   const std::vector<TimedTrial>& timed) {
  std::vector<double> places;
  std::vector<double> gbs;
  std::vector<double> gflops;
  std::vector<double> steps;
  for (const TimedTrial& trial : timed) {
    places.push_back(trial.place);
    gbs.push_back(trial.measurement.gbs());
    gflops.push_back(trial.measurement.gflops());
    steps.push_back(trial.step_s);
    results.add_measurement(trial.measurement);
  }
  results.set_value(id + ".place", places);
  if (gbs.front() > 0) results.set_value(id + ".gbs", gbs);
  if (gflops.front() > 0) results.set_value(id + ".gflops", gflops);
  if (steps.front() > 0) results.set_value(id + ".step_seconds", steps);
}
// endregion

// region print-trials
/// A row for each trial; the bar is its rate, the longest the best one's. Where
/// steps wait for each other, the time of one is told instead, and drawn.
void print_trials(const Series& experiment,
                  const std::vector<TimedTrial>& timed) {
  constexpr int kBarWidth = 20;
  const bool chain = is_chain(experiment);
  const auto rate = [](const TimedTrial& trial) {
    return std::max(trial.measurement.gbs(), trial.measurement.gflops());
  };
  double best = 0;
  for (const TimedTrial& trial : timed) {
    best = std::max(best, chain ? trial.step_s : rate(trial));
  }
  fmt::print("{}\n", emphasise(Emphasis::kFaint,
                               fmt::format("  {:<40}{:>14}{:>10}{:>10}",
                                           experiment.label, experiment.varied,
                                           chain ? "a step" : "GB/s",
                                           chain ? "" : "GFLOP/s")));
  for (const TimedTrial& trial : timed) {
    const Work& work = trial.measurement.work;
    const auto cell = [&](double amount, double per_second) {
      return amount > 0 ? format_number(per_second) : "-";
    };
    fmt::print("  {:<40}{:>14}{:>10}{:>10}  {}\n", "",
               format_count(static_cast<std::int64_t>(trial.place)),
               chain ? format_seconds(trial.step_s)
                     : cell(work.bytes, trial.measurement.gbs()),
               chain ? "" : cell(work.flop, trial.measurement.gflops()),
               bar((chain ? trial.step_s : rate(trial)) / best, kBarWidth));
  }
}
// endregion

// region show-launches
void show_launch_cost(Program& program, const Laboratory& laboratory) {
  const LaunchCost cost = laboratory.launch_cost(trial_plan(program));
  const MeasureOptions options{.group = "a kernel that does nothing",
                               .device = "gpu"};
  program.add_measurement("launch/asked", "asked for, until launch() is back",
                          {}, cost.asked, options);
  program.add_measurement("launch/back-to-back", "from one to the next", {},
                          cost.back_to_back, options);
  program.add_measurement("launch/waited", "asked for, and waited for", {},
                          cost.waited, options);
}
// endregion

// region show-copies
void show_copies(Program& program, const Laboratory& laboratory) {
  constexpr std::int64_t kMost = 64 << 20;
  struct Line {
    const char* id;
    Timing CopyTimes::*timing;
    std::vector<double> gbs{};
  };
  std::vector<Line> lines{
      {"copies.pageable_to_device", &CopyTimes::pageable_to_device},
      {"copies.pinned_to_device", &CopyTimes::pinned_to_device},
      {"copies.pageable_to_host", &CopyTimes::pageable_to_host},
      {"copies.pinned_to_host", &CopyTimes::pinned_to_host}};
  std::vector<double> sizes;
  fmt::print("{}\n", emphasise(Emphasis::kFaint,
                               fmt::format("  {:<14}{:>16}{:>16}{:>16}{:>16}",
                                           "copies, GB/s", "to the device",
                                           "pinned", "to the host", "pinned")));
  for (std::int64_t bytes = 1024; bytes <= kMost; bytes *= 4) {
    const CopyTimes times = laboratory.time_copies(bytes, trial_plan(program));
    sizes.push_back(static_cast<double>(bytes));
    fmt::print("  {:<14}", format_bytes(sizes.back()));
    for (Line& line : lines) {
      line.gbs.push_back(sizes.back() / (times.*line.timing).median_s / 1e9);
      fmt::print("{:>16}", format_number(line.gbs.back()));
    }
    fmt::print("\n");
    if (bytes == 1024) {
      program.results().set_value("copies.least_seconds",
                                  times.pinned_to_device.median_s);
    }
  }
  program.results().set_value("copies.bytes", sizes);
  for (const Line& line : lines) program.results().set_value(line.id, line.gbs);

  const CopyAsked asked = laboratory.ask_for_copies(kMost);
  fmt::print(
      "asking for a copy of {} takes {} from pageable memory, {} from pinned\n",
      format_bytes(static_cast<double>(kMost)),
      format_seconds(asked.pageable_s), format_seconds(asked.pinned_s));
  program.results().set_value("copies.asked_pageable", asked.pageable_s);
  program.results().set_value("copies.asked_pinned", asked.pinned_s);
}

}  // namespace
// endregion

// region show-experiments
void show_experiments(Program& program) {
  const Laboratory laboratory = make_laboratory(Device::kGpu);
  show_launch_cost(program, laboratory);
  show_copies(program, laboratory);
  for (const auto& make : laboratory.experiments) {
    const Series experiment = make(Scale::kTime);
    const auto timed = time_trials(program, experiment);
    record_trials(program.results(), experiment.id, timed);
    print_trials(experiment, timed);
  }
}

}  // namespace cnn
// endregion
