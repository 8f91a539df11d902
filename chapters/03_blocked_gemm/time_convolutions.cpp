// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chapters/02_im2col_strided_views/matrix_product.hpp"
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
};

/// One way's three directions.
struct ThreeTimes {
  std::string way;
  std::string label;
  std::array<Timing, 3> parts;

  /// As if they were one computation.
  Timing sum() const {
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
};
// endregion

// region time-way
/// Times three directions of one way of ours.
ThreeTimes time_way(Program& program, const Rows& rows,
                    const ConvolutionWay& way) {
  ThreeTimes times{way.id, way.label, {}};
  for (const Direction d : kDirections) {
    times.parts[d] =
        program
            .measure(fmt::format("{}/{}/{}", rows.id, way.id, kDirectionIds[d]),
                     fmt::format("{}, {}", way.label, kDirectionLabels[d]),
                     rows.work, way.run[d],
                     {.group = rows.group, .threads = rows.threads})
            .timing;
  }
  return times;
}
// endregion

// region time-onednn
/// PyTorch hands convolutions to oneDNN. Asking it takes seconds, so a quick
/// run does not.
std::optional<ThreeTimes> time_onednn(Program& program, const Rows& rows,
                                      const RandomProblem& problem) {
  const ConvolutionGeometry& geometry = problem.geometry;
  std::string why_not = "left out with --quick";
  const auto found =
      program.options().quick
          ? std::nullopt
          : pytorch_convolution({.input = geometry.input_shape(),
                                 .filter = geometry.filter_shape(),
                                 .stride = geometry.stride,
                                 .padding = geometry.padding,
                                 .threads = rows.threads},
                                why_not, program.timing_plan());
  if (!found) {
    program.absent("yardstick: oneDNN", why_not);
    return std::nullopt;
  }
  program.results().set_value("yardstick.pytorch", found->description);
  const std::array variants{found->forward, found->input_gradient,
                            found->filter_gradient};
  ThreeTimes times{"onednn", "oneDNN", {}};
  for (const Direction d : kDirections) {
    times.parts[d] = variants[d].timing;
    program.add_measurement(
        fmt::format("{}/onednn/{}", rows.id, kDirectionIds[d]),
        fmt::format("oneDNN, {}", kDirectionLabels[d]), rows.work,
        times.parts[d], {.group = rows.group, .threads = rows.threads});
  }
  return times;
}
// endregion

// region time-shape
/// Everything that was measured of one shape on some threads.
struct ShapeTimes {
  std::string label;
  Rows rows;
  std::vector<ThreeTimes> ways;
};

ShapeTimes time_shape(Program& program, const ReportShape& shape, int threads,
                      const std::optional<OpenBlas>& blas) {
  const RandomProblem problem(
      with_batch(shape.geometry, program.options().quick
                                     ? shape.quick_batch
                                     : shape.geometry.batch),
      program.options().seed);
  const bool alone = threads == 1;
  ShapeTimes times{
      std::string(shape.label),
      {fmt::format("convolution/{}/{}", alone ? "one" : "all", shape.id),
       fmt::format("{}, {}", shape.label, alone ? "one thread" : "all threads"),
       convolution_work(problem.geometry), threads},
      {}};
  const auto add = [&](const ConvolutionWay& way) {
    times.ways.push_back(time_way(program, times.rows, way));
  };
  if (blas) {
    add(im2col_way(problem, openblas_product(*blas, threads), "im2col",
                   "im2col + OpenBLAS", threads));
  }
  add(implicit_way(problem, best_isa(), threads));
  add(direct_way(problem, best_isa(), threads));
  if (auto onednn = time_onednn(program, times.rows, problem))
    times.ways.push_back(std::move(*onednn));
  return times;
}
// endregion

// region add-sums
/// Forward pass and both gradients of every shape, in one table.
void add_sums(Program& program, const std::vector<ShapeTimes>& shapes) {
  for (const ShapeTimes& shape : shapes) {
    const Rows& rows = shape.rows;
    for (const ThreeTimes& way : shape.ways) {
      program.add_measurement(
          fmt::format("{}/{}/all-three", rows.id, way.way),
          fmt::format("{}: {}", shape.label, way.label),
          {.flop = 3 * rows.work.flop, .bytes = 3 * rows.work.bytes}, way.sum(),
          {.group = rows.threads == 1 ? "all three, one thread"
                                      : "all three, all threads",
           .threads = rows.threads});
    }
  }
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
}  // namespace

void time_convolutions(Program& program) {
  std::string why_not;
  const auto blas = OpenBlas::load(why_not);
  if (!blas) program.absent("yardstick: OpenBLAS", why_not);
  std::vector<int> teams{1};
  if (program.threads() > 1) teams.push_back(program.threads());
  for (const int threads : teams) {
    std::vector<ShapeTimes> shapes;
    shapes.reserve(kReportShapes.size());
    for (const ReportShape& shape : kReportShapes)
      shapes.push_back(time_shape(program, shape, threads, blas));
    add_sums(program, shapes);
  }
  fmt::print("\n  {:<18} {:>10} {:>10} {:>10} {:>10}\n", "scratch, MB", "batch",
             "image", "implicit", "direct");
  for (const ReportShape& shape : kReportShapes) count_scratch(program, shape);
  fmt::print("\n");
}

}  // namespace cnn
// endregion
