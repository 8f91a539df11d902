// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chapters/02_im2col_strided_views/openblas_product.hpp"
#include "chapters/03_blocked_gemm/convolution_ways.hpp"
#include "chapters/03_blocked_gemm/report_shapes.hpp"
#include "chapters/03_blocked_gemm/stories.hpp"
#include "common/pytorch.hpp"
#include "common/yardsticks.hpp"

namespace cnn {

namespace {
// endregion

// region convolution-rows
/// Where the measurements of one shape on some threads go.
struct Rows {
  std::string id;  ///< "convolution/one/digits-2"
  std::string group;
  Work work;  ///< of one direction
  int threads;
  std::string shape;  ///< "digits, layer 2"
};

/// The three directions as if they were one computation.
Timing sum(const std::array<Timing, 3>& parts) {
  Timing total = parts[0];
  for (const Timing& part : {parts[1], parts[2]}) {
    total.median_s += part.median_s;
    total.q1_s += part.q1_s;
    total.q3_s += part.q3_s;
    total.minimum_s += part.minimum_s;
    total.repetitions = std::min(total.repetitions, part.repetitions);
  }
  return total;
}

/// Puts the sum of three directions on record; returns its seconds.
double add_sum(Program& program, const Rows& rows, const std::string& way,
               const std::string& label, const std::array<Timing, 3>& parts) {
  return program
      .add_measurement(
          fmt::format("{}/{}/all-three", rows.id, way),
          fmt::format("{}: {}", rows.shape, label),
          {.flop = 3 * rows.work.flop, .bytes = 3 * rows.work.bytes},
          sum(parts),
          {.group = rows.group + ": all three", .threads = rows.threads})
      .timing.median_s;
}
// endregion

// region time-way
/// Times three directions of one way of ours; returns the sum.
double time_way(Program& program, const Rows& rows, const ConvolutionWay& way) {
  std::array<Timing, 3> parts;
  for (const Direction d : kDirections) {
    parts[d] =
        program
            .measure(fmt::format("{}/{}/{}", rows.id, way.id, kDirectionIds[d]),
                     fmt::format("{}, {}", way.label, kDirectionLabels[d]),
                     rows.work, way.run[d],
                     {.group = rows.group, .threads = rows.threads})
            .timing;
  }
  return add_sum(program, rows, way.id, way.label, parts);
}
// endregion

// region time-onednn
/// PyTorch hands convolutions to oneDNN. Asking it takes seconds, so a quick
/// run does not.
std::optional<double> time_onednn(Program& program, const Rows& rows,
                                  const RandomProblem& problem) {
  const ConvolutionGeometry& geometry = problem.geometry;
  std::string why_not = "left out with --quick";
  const auto times =
      program.options().quick
          ? std::nullopt
          : pytorch_convolution({.input = geometry.input_shape(),
                                 .filter = geometry.filter_shape(),
                                 .stride = geometry.stride,
                                 .padding = geometry.padding,
                                 .threads = rows.threads},
                                why_not, program.timing_plan());
  if (!times) {
    program.absent("yardstick: oneDNN through PyTorch", why_not);
    return std::nullopt;
  }
  program.results().set_value("yardstick.pytorch", times->description);
  const std::array variants{times->forward, times->input_gradient,
                            times->filter_gradient};
  std::array<Timing, 3> parts;
  for (const Direction d : kDirections) {
    parts[d] = variants[d].timing;
    program.add_measurement(
        fmt::format("{}/onednn/{}", rows.id, kDirectionIds[d]),
        fmt::format("oneDNN, {}, {}", kDirectionLabels[d], variants[d].name),
        rows.work, parts[d], {.group = rows.group, .threads = rows.threads});
  }
  return add_sum(program, rows, "onednn", "oneDNN", parts);
}
// endregion

// region time-shape
/// One line of the summary: how much faster the direct kernel is.
struct Ratios {
  std::string label;
  std::optional<double> openblas, onednn;
};

Ratios time_shape(Program& program, const ReportShape& shape, int threads,
                  const std::optional<OpenBlas>& blas) {
  const bool quick = program.options().quick;
  const RandomProblem problem(
      with_batch(shape.geometry,
                 quick ? shape.quick_batch : shape.geometry.batch),
      program.options().seed);
  const std::string who = threads == 1 ? "one" : "all";
  const Rows rows{fmt::format("convolution/{}/{}", who, shape.id),
                  fmt::format("{}, {}", shape.label,
                              threads == 1 ? "one thread" : "all threads"),
                  convolution_work(problem.geometry), threads,
                  std::string(shape.label)};
  Ratios ratios{rows.group, {}, {}};
  if (blas) {
    ratios.openblas =
        time_way(program, rows,
                 im2col_way(problem, openblas_product(*blas, threads), "im2col",
                            "im2col + OpenBLAS", threads));
  }
  time_way(program, rows, implicit_way(problem, best_isa(), threads));
  const double ours =
      time_way(program, rows, direct_way(problem, best_isa(), threads));
  ratios.onednn = time_onednn(program, rows, problem);
  for (auto* ratio : {&ratios.openblas, &ratios.onednn})
    if (*ratio) **ratio /= ours;
  return ratios;
}
// endregion

// region scratch-bytes
/// What each way needs beside operands and results. Chapter 2's whole batch is
/// counted, not made.
void count_scratch(Program& program, const ReportShape& shape) {
  const RandomProblem one(with_batch(shape.geometry, 1),
                          program.options().seed);
  const RandomProblem all(shape.geometry, program.options().seed);
  const std::int64_t image =
      im2col_way(one, multiply_add, "", "").scratch_bytes;
  const std::int64_t columns = shape.geometry.terms() * shape.geometry.batch *
                               shape.geometry.output_height() *
                               shape.geometry.output_width() *
                               std::int64_t{sizeof(float)};
  const std::int64_t implicit = implicit_way(one, best_isa(), 1).scratch_bytes;
  const std::int64_t direct = direct_way(all, best_isa(), 1).scratch_bytes;
  const auto record = [&](const char* way, std::int64_t bytes) {
    program.results().set_value(fmt::format("memory.{}.{}", shape.id, way),
                                bytes);
    return static_cast<double>(bytes) / 1e6;
  };
  fmt::print("  {:<18} {:>10.2f} {:>10.2f} {:>10.2f} {:>10.2f}\n", shape.label,
             record("batch", columns), record("image", image),
             record("implicit", implicit), record("direct", direct));
}
// endregion

// region time-convolutions
void print_ratio(const Ratios& ratios) {
  const auto text = [](const std::optional<double>& ratio) {
    return ratio ? fmt::format("x {:.2f}", *ratio) : std::string("-");
  };
  fmt::print("  {:<32} {:>18} {:>10}\n", ratios.label, text(ratios.openblas),
             text(ratios.onednn));
}

}  // namespace

void time_convolutions(Program& program) {
  std::string why_not;
  const auto blas = OpenBlas::load(why_not);
  if (!blas) program.absent("yardstick: OpenBLAS", why_not);
  std::vector<Ratios> all;
  std::vector<int> teams{1};
  if (program.threads() > 1) teams.push_back(program.threads());
  for (const int threads : teams)
    for (const ReportShape& shape : kReportShapes)
      all.push_back(time_shape(program, shape, threads, blas));

  fmt::print("\n  {:<32} {:>18} {:>10}\n", "direct, all three, against",
             "im2col + OpenBLAS", "oneDNN");
  for (const Ratios& ratios : all) print_ratio(ratios);
  fmt::print("\n  {:<18} {:>10} {:>10} {:>10} {:>10}\n", "scratch, MB", "batch",
             "image", "implicit", "direct");
  for (const ReportShape& shape : kReportShapes) count_scratch(program, shape);
}

}  // namespace cnn
// endregion
