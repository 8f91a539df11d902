// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/02_im2col_strided_views/windows.hpp"
#include "chapters/03_blocked_gemm/convolution_ways.hpp"
#include "chapters/07_four_reports/columns_bench.hpp"
#include "chapters/07_four_reports/report_001_story.hpp"

namespace cnn {
namespace {
// endregion

// region columns-case
/// One row of report 003's table: chapter 2 found the sizes that it leaves out.
struct ColumnsCase {
  ColumnsCase(std::int64_t batch, std::int64_t side, std::uint64_t seed)
      : id(fmt::format("003/im2col/batch-{}", batch)),
        group(fmt::format("im2col, batch {}", batch)),
        problem(std::make_shared<const RandomProblem>(
            ConvolutionGeometry{.batch = batch,
                                .input_channels = 3,
                                .input_height = side,
                                .input_width = side,
                                .output_channels = 8,
                                .kernel_height = 3,
                                .kernel_width = 3,
                                .padding = 1},
            seed)) {}

  std::string id;
  std::string group;
  std::shared_ptr<const RandomProblem> problem;
};
// endregion

// region columns-on-cpu
void time_on_cpu(Program& program, const ColumnsCase& row) {
  const RandomProblem& problem = *row.problem;
  const ConvolutionGeometry& geometry = problem.geometry;
  const Tensor padded = pad(geometry, problem.input.values());
  Tensor columns({1, 1, 1, columns_size(geometry)});
  const Work copying = im2col_work(geometry);
  program.measure(
      row.id + "/cpu-loops", "CPU: loops", copying,
      [&] { im2col_loops(geometry, problem.input.values(), columns.values()); },
      {.group = row.group});
  program.measure(
      row.id + "/cpu-copy", "CPU: copy of a view", copying,
      [&] { im2col_view(geometry, padded.values(), columns.values()); },
      {.group = row.group});
  program.measure(row.id + "/cpu-view", "CPU: the view", {},
                  [&] {
                    const auto view = windows(geometry, padded.values());
                    keep(&view);
                  },
                  {.group = row.group});
  const ConvolutionWay way =
      implicit_way(problem, best_isa(), program.threads());
  program.measure(row.id + "/cpu-convolve-view", "CPU: convolved, no columns",
                  convolution_work(geometry), way.run[kForward],
                  {.group = row.group, .threads = program.threads()});
  program.results().set_value(row.id + ".cpu_view_bytes", way.scratch_bytes);
}
// endregion

// region columns-on-gpu
void check_columns(Program& program, const ColumnsCase& row,
                   const ColumnsTrials& trials) {
  program.check(row.id + "/gpu-columns", "columns, " + row.group,
                "chapter 2's loops, to the bit", trials.write.trial.check());
  program.check(row.id + "/gpu-convolve", "columns and product", "float64",
                trials.convolve.trial.check());
  program.check(row.id + "/gpu-view", "no columns", "float64",
                trials.view.trial.check());
}

void time_on_gpu(Program& program, const ColumnsCase& row,
                 const ColumnsTrials& trials) {
  const auto add = [&](const std::string& id, const std::string& label,
                       const Trial& trial) {
    program.add_measurement(row.id + id, label, trial.work,
                            trial.time(program.timing_plan()),
                            {.group = row.group, .device = "gpu"});
  };
  add("/gpu-loops", "GPU: a thread for each", trials.write.trial);
  add("/gpu-convolve-loops", "GPU: columns, product", trials.convolve.trial);
  add("/gpu-convolve-view", "GPU: convolved, no columns", trials.view.trial);
  constexpr std::int64_t kFloat = sizeof(float);
  program.results().set_value(row.id + ".gpu_view_bytes",
                              kFloat * trials.view_workspace);
}
// endregion

// region compare-columns
/// What the report printed; MB are 2^20 bytes.
void record_reported(Results& results) {
  const std::string id = "003/im2col/batch-";
  results.set_value(id + "32.reported.loops_s", 3.8033);
  results.set_value(id + "32.reported.view_s", 0.0);
  results.set_value(id + "64.reported.loops_s", 3.7381);
  results.set_value(id + "64.reported.view_s", 0.0553);
}

}  // namespace

void compare_columns(Program& program) {
  record_reported(program.results());
  const std::int64_t side = program.options().quick ? 56 : 224;
  const std::string reason =
      program.options().no_gpu ? "--no-gpu was given" : why_not(Device::kGpu);
  for (const std::int64_t batch : {32, 64}) {
    const ColumnsCase row(batch, side, program.options().seed);
    constexpr std::int64_t kFloat = sizeof(float);
    program.results().set_value(row.id + ".columns_bytes",
                                kFloat * columns_size(row.problem->geometry));
    program.results().set_value(row.id + ".side", side);
    if (!reason.empty()) {
      time_on_cpu(program, row);
      program.absent("columns on a GPU", reason);
      continue;
    }
    const ColumnsTrials trials =
        make_columns_bench(Device::kGpu).trials(row.problem);
    check_columns(program, row, trials);
    time_on_cpu(program, row);
    time_on_gpu(program, row, trials);
  }
}

}  // namespace cnn
// endregion
