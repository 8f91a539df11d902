// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "chapters/01_naive_convolution/filters.hpp"
#include "chapters/01_naive_convolution/ladder.hpp"
#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/checks.hpp"
#include "chapters/02_im2col_strided_views/convolution_gemm.hpp"
#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/02_im2col_strided_views/overlap_story.hpp"
#include "chapters/02_im2col_strided_views/report_table.hpp"
#include "chapters/02_im2col_strided_views/windows.hpp"
#include "common/data/dataset.hpp"
#include "common/data/picture.hpp"
#include "common/program.hpp"
#include "common/random.hpp"
#include "common/yardsticks.hpp"

namespace {

using namespace cnn;
// endregion

// region draw-columns
/// The column matrix of one digit has nine rows of 28 x 28 numbers: nine
/// pictures. Laid out as the 3 x 3 kernel whose weights they belong to.
void draw_columns(Program& program, const Dataset& pictures) {
  const std::int64_t height = pictures.height;
  const std::int64_t width = pictures.width;
  const ConvolutionGeometry geometry{.input_height = height,
                                     .input_width = width,
                                     .kernel_height = 3,
                                     .kernel_width = 3,
                                     .padding = 1};
  Tensor digit(geometry.input_shape());
  const auto bytes =
      pictures.picture(std::min<std::int64_t>(7, pictures.count - 1));
  std::transform(bytes.begin(), bytes.begin() + digit.size(), digit.data(),
                 [](std::uint8_t byte) { return byte / 255.0F; });
  Tensor columns({3, 3, height, width});  // (ky, kx, y, x)
  im2col_loops(geometry, digit.values(), columns.values());

  Tensor sheet({3, 3, height, width});  // a sheet has its columns first
  materialise(row_major(std::as_const(columns).values(), {3, 3, height, width})
                  .reordered({1, 0, 2, 3}),
              sheet.values());
  const auto path = program.picture_path("columns.png");
  write_png(path, contact_sheet(sheet, 4));
  fmt::print("the nine rows of a digit's column matrix -> {}\n", path.string());
}
// endregion

// region time-im2col
/// Three ways to the same numbers, and one to their transpose.
void time_im2col(Program& program, const RandomProblem& problem) {
  const ConvolutionGeometry& geometry = problem.geometry;
  const MeasureOptions group{.group = "im2col"};
  const Work work = im2col_work(geometry);
  const std::span<const float> input = problem.input.values();
  const Tensor padded = pad(geometry, input);
  Tensor columns({1, 1, 1, columns_size(geometry)});
  Tensor image(geometry.input_shape());

  program.measure(
      "im2col/loops", "loops", work,
      [&] { im2col_loops(geometry, input, columns.values()); }, group);
  program.measure(
      "im2col/view", "through the view", work,
      [&] { im2col_view(geometry, padded.values(), columns.values()); }, group);
  program.measure(
      "im2col/view-rows", "view, a row per window", work,
      [&] { im2row_view(geometry, padded.values(), columns.values()); }, group);
  program.measure(
      "im2col/col2im", "col2im", work,
      [&] { col2im(geometry, columns.values(), image.values()); }, group);
  program.results().set_value("im2col.blow_up", blow_up(geometry));
}
// endregion

// region time-layouts
/// The product of one image in three layouts: as image by image does it, with
/// the columns read through a transposed view, and with channels last, as the
/// whole batch does it.
void time_layouts(Program& program, const RandomProblem& problem) {
  const ConvolutionGeometry& geometry = problem.geometry;
  const std::int64_t channels = geometry.output_channels;
  const std::int64_t terms = column_rows(geometry);
  const std::int64_t pixels = column_count(geometry);
  const Work work = convolution_work(one_image(geometry));
  const MeasureOptions group{.group = "matrix product"};

  Tensor columns({1, 1, terms, pixels});
  Tensor rows({1, 1, pixels, terms});
  Tensor filters_transposed({1, 1, terms, channels});
  Tensor output({1, 1, channels, pixels});
  Random(program.options().seed, 3).fill_uniform(columns.values(), -1, 1);
  const auto a = row_major(problem.filter.values(), {channels, terms});
  const auto a_turned =
      row_major(filters_transposed.values(), {terms, channels});
  const auto b = row_major(columns.values(), {terms, pixels});
  const auto b_turned = row_major(rows.values(), {pixels, terms});
  const auto c = row_major(output.values(), {channels, pixels});
  const auto c_turned = row_major(output.values(), {pixels, channels});
  copy(a.transposed(), a_turned);
  copy(b.transposed(), b_turned);

  program.measure(
      "product/dense", "filters x columns", work,
      [&] { multiply_add(a, b, c); }, group);
  program.measure(
      "product/transposed", "filters x (rows transposed)", work,
      [&] { multiply_add(a, b_turned.transposed(), c); }, group);
  program.measure(
      "product/channels-last", "rows x filters, channels last", work,
      [&] { multiply_add(b_turned, a_turned, c_turned); }, group);
}
// endregion

// region time-directions
/// Forward and both gradients, chapter 1's way and this chapter's.
void time_directions(Program& program, const RandomProblem& problem) {
  const ConvolutionGeometry& geometry = problem.geometry;
  const Work work = convolution_work(geometry);
  const auto input = problem.input.values();
  const auto filter = problem.filter.values();
  const auto gradient = problem.output_gradient.values();
  Tensor inputs(geometry.input_shape());
  Tensor filters(geometry.filter_shape());
  ImageScratch scratch(geometry);

  program.measure("backward-input/loops", "01 seven loops", work,
                  [&] {
                    convolution_backward_input(geometry, gradient, filter,
                                               inputs.values());
                  },
                  {.group = "input gradient"});
  program.measure("backward-input/image", "02 product, then col2im", work,
                  [&] {
                    gemm_backward_input(geometry, gradient, filter,
                                        inputs.values(), scratch);
                  },
                  {.group = "input gradient"});
  program.measure("backward-filter/loops", "01 seven loops", work,
                  [&] {
                    convolution_backward_filter(geometry, input, gradient,
                                                filters.values());
                  },
                  {.group = "filter gradient"});
  program.measure("backward-filter/image", "02 im2col, then product", work,
                  [&] {
                    gemm_backward_filter(geometry, input, gradient,
                                         filters.values(), scratch);
                  },
                  {.group = "filter gradient"});
}
// endregion

// region rungs
/// Times this chapter's two rungs with one product.
void time_rungs(Program& program, const RandomProblem& problem,
                const std::string& id, const std::string& label,
                const MatrixProduct& product) {
  const ConvolutionGeometry& geometry = problem.geometry;
  const Work work = convolution_work(geometry);
  const auto input = problem.input.values();
  const auto filter = problem.filter.values();
  Tensor output(geometry.output_shape());
  BatchScratch batch(geometry);
  ImageScratch image(geometry);

  program.measure("ladder/" + id + "-batch", label + ", batch", work,
                  [&] {
                    gemm_forward_batch(geometry, input, filter, output.values(),
                                       batch, product);
                  },
                  {.group = "ladder"});
  program.measure("ladder/" + id + "-image", label + ", image", work,
                  [&] {
                    gemm_forward(geometry, input, filter, output.values(),
                                 image, product);
                  },
                  {.group = "ladder"});
}
// endregion

// region scratch-memory
/// What the two rungs need beside input, filters and output.
void count_scratch(Program& program, const ConvolutionGeometry& geometry) {
  const auto bytes = [](std::int64_t elements) {
    return static_cast<double>(elements) * sizeof(float);
  };
  const double input = bytes(geometry.input_shape().size());
  const double batch = bytes(columns_size(geometry));
  const double image = bytes(columns_size(one_image(geometry)));
  fmt::print(
      "input {:.0f} kB; columns of the batch {:.0f} kB, {:.2f} times as "
      "much; of one image {:.0f} kB\n",
      input / 1e3, batch / 1e3, blow_up(geometry), image / 1e3);
  program.results().set_value("ladder.input_bytes", input);
  program.results().set_value("ladder.batch_columns_bytes", batch);
  program.results().set_value("ladder.image_columns_bytes", image);
}
// endregion

// region climb-ladder
void climb_ladder(Program& program, const RandomProblem& problem) {
  auto ids = time_first_rungs(program, problem);
  time_rungs(program, problem, "im2col", "02 im2col", multiply_add);
  ids.insert(ids.end(), {"ladder/im2col-batch", "ladder/im2col-image"});

  std::string why_not;
  if (const auto blas = OpenBlas::load(why_not)) {
    program.results().set_value("yardstick.openblas", blas->description());
    time_rungs(program, problem, "openblas", "yardstick: OpenBLAS",
               openblas_product(*blas));
    ids.insert(ids.end(), {"ladder/openblas-batch", "ladder/openblas-image"});
  } else {
    program.absent("yardstick: OpenBLAS", why_not);
  }
  if (const auto id = time_cudnn(program, problem)) ids.push_back(*id);
  program.ladder(ids);
}
// endregion

// region story
void story(Program& program) {
  const DatasetPair data = load_dataset(program.options().data);
  program.use_dataset(data.train.name, data.train.source, data.train.count,
                      data.test.count);
  draw_columns(program, data.test);

  program.section("check");
  check_im2col(program);
  check_adjoint(program);
  const std::uint64_t seed = program.options().seed;
  auto verdicts = judge_forward(seed, "forward", "forward", multiply_add);
  std::ranges::copy(judge_backward(seed), std::back_inserter(verdicts));
  std::string why_not;
  if (const auto blas = OpenBlas::load(why_not)) {
    const auto product = openblas_product(*blas);
    std::ranges::copy(judge_forward(seed, "openblas", "OpenBLAS", product),
                      std::back_inserter(verdicts));
  }
  report_verdicts(program, verdicts);

  program.section("a table from a report");
  tell_report_table(program);

  program.section("adding through a view that overlaps itself");
  tell_overlap(program, data.test);

  const RandomProblem problem(ladder_geometry(program.options().quick),
                              program.options().seed);
  program.section("time");
  fmt::print("{}\n", to_string(problem.geometry));
  time_im2col(program, problem);
  time_layouts(program, problem);
  time_directions(program, problem);

  program.section("ladder");
  count_scratch(program, problem.geometry);
  climb_ladder(program, problem);
}
// endregion

// region main
}  // namespace

int main(int argc, char** argv) {
  return cnn::run_program(
      argc, argv,
      {"02", "02_im2col_strided_views", "im2col and strided views",
       "Looks at an image through strides, turns convolution into one matrix "
       "product, and retells two stories from a report."},
      story);
}
// endregion
