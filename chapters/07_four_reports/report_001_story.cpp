// region quiet: includes
#include "chapters/07_four_reports/report_001_story.hpp"

#include <fmt/format.h>

#include "chapters/04_cpu_cnn/memory.hpp"
#include "chapters/07_four_reports/columns_bench.hpp"

namespace cnn {
// endregion

// region memory-to-borrow
BorrowMemory memory_of(const std::string& place) {
  if (place == "cpu") {
    return
        [](std::int64_t bytes) { const Memory borrowed = make_memory(bytes); };
  }
  return make_columns_bench(place == "gpu" ? Device::kGpu : Device::kEmulator)
      .borrow;
}
// endregion

// region record-reported-001
namespace {

/// What the experiment's own record has no room for.
void record_reported(Results& results) {
  const std::string key = "001/as-reported.reported.";
  results.set_value(key + "gpu_accuracy", 0.9909);
  results.set_value(key + "cpu_use", 0.404);
}

}  // namespace
// endregion

// region story-001
void explain_report_001(Program& program, const DatasetPair& data) {
  const std::string reason =
      program.options().no_gpu ? "--no-gpu was given" : why_not(Device::kGpu);
  std::vector<std::string> places{"cpu"};
  if (reason.empty()) places.push_back("gpu");
  record_reported(program.results());

  for (const std::string& place : places) {
    check_habits(program, data.train, place);
  }
  time_cpu(program, data.train);
  if (reason.empty()) {
    time_slow_ways(program, data.train, "gpu");
    find_equals(program);
  } else {
    program.absent("the GPU's slow ways", reason);
  }
  program.section("report 001: from one picture a step to 512");
  sweep_batches(program, data.train, places);
  program.section("report 001: one device twice, and how busy it is");
  train_twice(program, data);
  measure_cpu_uses(program, data.train, places);
  program.section("report 003: columns by loops, and none");
  compare_columns(program);
}

}  // namespace cnn
// endregion
