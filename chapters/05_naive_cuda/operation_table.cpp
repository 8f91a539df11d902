// region quiet: includes
#include "chapters/05_naive_cuda/operation_table.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "chapters/04_cpu_cnn/networks.hpp"
#include "chapters/05_naive_cuda/experiment.hpp"
#include "chapters/05_naive_cuda/operations.hpp"
#include "common/progress.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region time-an-operation
namespace {

struct OperationTimes {
  Timing cpu;
  Timing gpu;     ///< by events, the arrays on the GPU
  Timing copies;  ///< by the host's clock, arrays copied there and back
};

TimingPlan operation_plan(const Program& program) {
  TimingPlan plan = TimingPlan::quick();
  if (program.options().quick) return plan;
  plan.repetitions = 10;
  plan.settled_s = 0.02;
  return plan;
}

OperationTimes time_operation(Program& program, const Laboratory& laboratory,
                              const Operation& operation) {
  const Progress progress("timing " + operation.label);
  const TimingPlan plan = operation_plan(program);
  OperationTimes times;
  {
    const auto cpu = make_cpu_backend(program.threads());
    Operands operands(*cpu);
    times.cpu = time_repeated(operation.prepare(operands), plan);
  }
  const auto gpu = make_naive_backend(Device::kGpu);
  Operands operands(*gpu);
  const auto run = operation.prepare(operands);
  times.gpu = laboratory.time_by_events(*gpu, run, plan);
  times.copies = time_repeated(
      [&] {
        operands.upload();
        run();
        operands.download();
      },
      plan);
  return times;
}
// endregion

// region operation-row
/// "x 12.3".
std::string gain(const Timing& before, const Timing& after) {
  return "x " + format_number(before.median_s / after.median_s);
}

void record_operation(Results& results, const Operation& operation,
                      const std::string& group, int threads,
                      const OperationTimes& times) {
  const auto record = [&](const std::string& how, const std::string& device,
                          int used, const Timing& timing) {
    results.add_measurement({.id = "operations/" + operation.id + "/" + how,
                             .label = operation.label,
                             .group = group + ", " + how,
                             .device = device,
                             .threads = used,
                             .timing = timing,
                             .work = operation.work});
  };
  record("cpu", "cpu", threads, times.cpu);
  record("gpu", "gpu", 1, times.gpu);
  record("gpu-copies", "gpu", 1, times.copies);
}
// endregion

// region operations-of-one-report
void show_report(Program& program, const Laboratory& laboratory,
                 const std::string& report, std::int64_t batch) {
  const std::string group = fmt::format("{}, {} pictures", report, batch);
  fmt::print("{}\n", emphasise(Emphasis::kFaint,
                               fmt::format("  {:<27}{:>8}{:>9}{:>11}{:>12}"
                                           "{:>11}",
                                           group, "CPU", "GPU", "gain",
                                           "with copies", "gain")));
  std::int64_t gaining = 0;
  std::int64_t gaining_with_copies = 0;
  double cpu = 0;
  double gpu = 0;
  double copies = 0;
  const auto operations = operations_of(report, batch);
  for (const Operation& operation : operations) {
    const auto times = time_operation(program, laboratory, operation);
    record_operation(program.results(), operation, group, program.threads(),
                     times);
    fmt::print("  {:<27}{:>8}{:>9}{:>11}{:>12}{:>11}\n", operation.label,
               format_seconds(times.cpu.median_s),
               format_seconds(times.gpu.median_s), gain(times.cpu, times.gpu),
               format_seconds(times.copies.median_s),
               gain(times.cpu, times.copies));
    std::fflush(stdout);
    cpu += times.cpu.median_s;
    gpu += times.gpu.median_s;
    copies += times.copies.median_s;
    gaining += times.gpu.median_s < times.cpu.median_s ? 1 : 0;
    gaining_with_copies += times.copies.median_s < times.cpu.median_s ? 1 : 0;
  }
  fmt::print("  {:<27}{:>8}{:>9}{:>11}{:>12}{:>11}\n", "all together",
             format_seconds(cpu), format_seconds(gpu),
             "x " + format_number(cpu / gpu), format_seconds(copies),
             "x " + format_number(cpu / copies));
  Results& results = program.results();
  const std::string key = "operations." + report + ".";
  results.set_value(key + "ops", std::ssize(operations));
  results.set_value(key + "gain", gaining);
  results.set_value(key + "gain_with_copies", gaining_with_copies);
  results.set_value(key + "cpu_seconds", cpu);
  results.set_value(key + "gpu_seconds", gpu);
  results.set_value(key + "copies_seconds", copies);
}

}  // namespace
// endregion

// region show-operations
void show_operations(Program& program) {
  const Laboratory laboratory = make_laboratory(Device::kGpu);
  fmt::print(
      "CPU: chapter 4's backend, {} threads, nothing fused; GPU: by events, "
      "the "
      "arrays\nalready there; with copies: by the host's clock, inputs copied "
      "to the GPU and\nresults back, from and to pageable memory\n",
      program.threads());
  for (const std::string report : {"001", "002", "003"}) {
    if (program.options().quick && report != "001") continue;
    const std::int64_t batch =
        program.options().quick ? 16 : reported_network(report).batch;
    show_report(program, laboratory, report, batch);
  }
}

}  // namespace cnn
// endregion
