// region quiet: includes
#include "chapters/02_im2col_strided_views/report_table.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/02_im2col_strided_views/windows.hpp"
#include "common/random.hpp"
#include "common/tensor.hpp"
#include "common/timing.hpp"

namespace cnn {
// endregion

// region report-rows
namespace {

/// The report's table, as printed there. MB are 2^20 bytes.
struct ReportRow {
  std::int64_t batch;
  double loops_s;
  double loops_mb;
  double view_s;
  double view_mb;
};

constexpr ReportRow kReportRows[] = {{32, 3.8033, 349.12, 0.0000, 183.75},
                                     {64, 3.7381, 698.25, 0.0553, 367.50}};

/// The report names no sizes. These make its memory column come out exactly.
ConvolutionGeometry report_geometry(std::int64_t batch) {
  return {.batch = batch,
          .input_channels = 3,
          .input_height = 224,
          .input_width = 224,
          .output_channels = 8,
          .kernel_height = 3,
          .kernel_width = 3,
          .stride = 1,
          .padding = 1};
}
// endregion

// region report-memory
/// Memory that the system has really given us, in bytes.
double resident_bytes() {
  std::int64_t total_pages = 0;
  std::int64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> total_pages >> resident_pages;
  return static_cast<double>(resident_pages * sysconf(_SC_PAGESIZE));
}

void explain_report_memory(Program& program, const ReportRow& row) {
  const ConvolutionGeometry geometry = report_geometry(row.batch);
  const double input =
      sizeof(float) * static_cast<double>(geometry.input_shape().size());
  const double patches =
      sizeof(float) * static_cast<double>(columns_size(geometry));
  const double mb = 1 << 20;
  fmt::print(
      "batch {}: input {:.3f} MB, columns {:.3f} MB\n"
      "  input +   columns = {:.3f} MB; the report says {:.2f} (as_strided)\n"
      "  input + 2 columns = {:.3f} MB; the report says {:.2f} (loops)\n",
      row.batch, input / mb, patches / mb, (input + patches) / mb, row.view_mb,
      (input + 2 * patches) / mb, row.loops_mb);
  const std::string prefix = fmt::format("report.batch-{}.", row.batch);
  Results& results = program.results();
  results.set_value(prefix + "input_bytes", input);
  results.set_value(prefix + "columns_bytes", patches);
  results.set_value(prefix + "input_and_columns_bytes", input + patches);
  results.set_value(prefix + "input_and_two_columns_bytes",
                    input + 2 * patches);
  results.set_value(prefix + "reported_loops_s", row.loops_s);
  results.set_value(prefix + "reported_view_s", row.view_s);
}
// endregion

// region report-times
void reproduce_report(Program& program, const ReportRow& row) {
  const ConvolutionGeometry geometry = report_geometry(row.batch);
  const std::string id = fmt::format("report/batch-{}/", row.batch);
  const std::string values = fmt::format("report.batch-{}.", row.batch);
  const std::string group = fmt::format("im2col, batch {}", row.batch);
  const Work copying = im2col_work(geometry);
  Tensor input(geometry.input_shape());
  Random(program.options().seed).fill_uniform(input.values(), 0, 1);
  const Tensor padded = pad(geometry, input.values());

  const double before_view = resident_bytes();
  const auto view = windows(geometry, padded.values());
  keep(&view);
  const double after_view = resident_bytes();
  Tensor columns({1, 1, 1, columns_size(geometry)});
  im2col_view(geometry, padded.values(), columns.values());
  const double after_columns = resident_bytes();

  program.measure(id + "view", "make the view", {},
                  [&] {
                    const auto made = windows(geometry, padded.values());
                    keep(&made);
                  },
                  {.group = group});
  program.measure(
      id + "materialise", "copy through the view", copying,
      [&] { im2col_view(geometry, padded.values(), columns.values()); },
      {.group = group});
  program.measure(
      id + "materialise-rows", "the same, a row per window", copying,
      [&] { im2row_view(geometry, padded.values(), columns.values()); },
      {.group = group});
  program.measure(
      id + "loops", "loops", copying,
      [&] { im2col_loops(geometry, input.values(), columns.values()); },
      {.group = group});
  fmt::print(
      "memory: the view {} bytes, resident +{:.1f} MB; "
      "the columns resident +{:.1f} MB\n",
      sizeof(view), (after_view - before_view) / (1 << 20),
      (after_columns - after_view) / (1 << 20));
  Results& results = program.results();
  results.set_value(values + "view_object_bytes",
                    static_cast<std::int64_t>(sizeof(view)));
  results.set_value(values + "view_resident_bytes", after_view - before_view);
  results.set_value(values + "columns_resident_bytes",
                    after_columns - after_view);
}
// endregion

// region report-arithmetic
/// What the report's clock would have to mean.
void question_report_times(Program& program) {
  const ConvolutionGeometry geometry = report_geometry(32);
  const double positions = static_cast<double>(column_count(geometry));
  const double step = kReportRows[0].loops_s / positions;
  const double columns_bytes =
      sizeof(float) * static_cast<double>(columns_size(geometry));
  const double needed = columns_bytes / 0.00005;  // 0.0000 s, rounded
  fmt::print(
      "the report's loop: {:.4f} s for {:.0f} positions, {:.1f} us each, "
      "whatever the batch\n"
      "the report's 0.0000 s: writing the columns in less than 50 us "
      "takes more than {:.1f} TB/s\n",
      kReportRows[0].loops_s, positions, step * 1e6, needed / 1e12);
  program.results().set_value("report.positions", positions);
  program.results().set_value("report.step_s", step);
  program.results().set_value("report.needed_bytes_per_s", needed);
}
// endregion

// region tell-report-table
}  // namespace

void tell_report_table(Program& program) {
  for (const ReportRow& row : kReportRows) explain_report_memory(program, row);
  question_report_times(program);
  for (const ReportRow& row : kReportRows) reproduce_report(program, row);
}

}  // namespace cnn
// endregion
