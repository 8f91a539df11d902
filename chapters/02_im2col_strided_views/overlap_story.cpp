// region quiet: includes
#include "chapters/02_im2col_strided_views/overlap_story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "chapters/01_naive_convolution/filters.hpp"
#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/02_im2col_strided_views/convolution_gemm.hpp"
#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/02_im2col_strided_views/overlap.hpp"
#include "common/data/picture.hpp"

namespace cnn {
// endregion

// region overlap-example
namespace {

/// Ones added to every window of a 4 x 4 image: the right sums count how many
/// windows cover each pixel.
void show_overlap(Program& program) {
  const ConvolutionGeometry geometry{.input_height = 4,
                                     .input_width = 4,
                                     .kernel_height = 3,
                                     .kernel_width = 3};
  const std::vector<float> ones(
      static_cast<std::size_t>(columns_size(geometry)), 1.0F);
  Tensor right(geometry.input_shape());
  Tensor wrong(geometry.input_shape());
  col2im(geometry, ones, right.values());
  col2im_through_view(geometry, ones, wrong.values());
  fmt::print(
      "contributions that arrive: sent one by one, "
      "and through the view at once\n");
  for (std::int64_t y = 0; y < 4; ++y) {
    fmt::print("    {} {} {} {}      {} {} {} {}\n", right(0, 0, y, 0),
               right(0, 0, y, 1), right(0, 0, y, 2), right(0, 0, y, 3),
               wrong(0, 0, y, 0), wrong(0, 0, y, 1), wrong(0, 0, y, 2),
               wrong(0, 0, y, 3));
  }
  program.results().set_value(
      "overlap.example.right",
      std::vector<double>(right.data(), right.data() + right.size()));
  program.results().set_value(
      "overlap.example.wrong",
      std::vector<double>(wrong.data(), wrong.data() + wrong.size()));
}
// endregion

// region draw-overlap
/// The same on 12 x 12, as a picture: right beside wrong, 9 arrivals are white.
void draw_overlap(Program& program) {
  const ConvolutionGeometry geometry{.input_height = 12,
                                     .input_width = 12,
                                     .kernel_height = 3,
                                     .kernel_width = 3};
  const std::vector<float> ninths(
      static_cast<std::size_t>(columns_size(geometry)), 1.0F / 9.0F);
  Tensor both({2, 1, 12, 12});
  col2im(geometry, ninths, both.values().first(144));
  col2im_through_view(geometry, ninths, both.values().last(144));
  const auto path = program.picture_path("overlap.png");
  write_png(path, contact_sheet(both, 16));
  fmt::print("right beside wrong, brighter is more -> {}\n", path.string());
}
// endregion

// region report-damage
void report_damage(Program& program, const std::string& name,
                   const GradientDamage& damage) {
  fmt::print("    {:14} relative error {:.3f}, cosine {:.3f}, length {:.3f}\n",
             name, damage.relative_error, damage.cosine, damage.length_ratio);
  Results& results = program.results();
  results.set_value("overlap." + name + ".relative_error",
                    damage.relative_error);
  results.set_value("overlap." + name + ".cosine", damage.cosine);
  results.set_value("overlap." + name + ".length_ratio", damage.length_ratio);
}
// endregion

// region gradient-of-columns
/// The step before col2im: how the loss changes with each element of the
/// columns, for all images.
std::vector<float> gradient_of_columns(const RandomProblem& problem) {
  const ConvolutionGeometry& geometry = problem.geometry;
  const std::int64_t terms = column_rows(geometry);
  const std::int64_t pixels = column_count(geometry);
  const std::int64_t channels = geometry.output_channels;
  std::vector<float> columns(static_cast<std::size_t>(columns_size(geometry)));

  const auto filters = row_major(problem.filter.values(), {channels, terms});
  const auto gradients = row_major(problem.output_gradient.values(),
                                   {geometry.batch, channels, pixels});
  const auto all =
      row_major(std::span(columns), {geometry.batch, terms, pixels});
  for (std::int64_t n = 0; n < geometry.batch; ++n) {
    multiply_add(filters.transposed(), gradients.slice(n), all.slice(n));
  }
  return columns;
}
// endregion

// region one-convolution
/// What the lost contributions do to the input gradient of one convolution.
void damage_one(Program& program, const std::string& name,
                const ConvolutionGeometry& geometry) {
  const RandomProblem problem(geometry, program.options().seed);
  const std::vector<float> columns = gradient_of_columns(problem);
  Tensor right(geometry.input_shape());
  Tensor wrong(geometry.input_shape());
  col2im(geometry, columns, right.values());
  col2im_through_view(geometry, columns, wrong.values());

  const double lost = 100 * lost_share(geometry);
  fmt::print("{}: {:.1f} % lost\n", to_string(geometry), lost);
  program.results().set_value("overlap." + name + ".lost_percent", lost);
  report_damage(program, name, gradient_damage(right.values(), wrong.values()));
}
// endregion

// region two-convolutions
/// Two convolutions in a row, real pictures at the front: the input gradient
/// of the second is what the filters of the first learn from.
void damage_two(Program& program, const Dataset& pictures) {
  const std::int64_t batch = std::min<std::int64_t>(32, pictures.count);
  const ConvolutionGeometry first{
      batch, pictures.channels, pictures.height, pictures.width, 8, 3, 3, 1, 1};
  const RandomProblem second(
      {batch, 8, pictures.height, pictures.width, 16, 3, 3, 1, 1},
      program.options().seed);
  Tensor input(first.input_shape());
  for (std::int64_t i = 0; i < input.size(); ++i) {
    const auto byte = pictures.pixels[static_cast<std::size_t>(i)];
    input.data()[i] = static_cast<float>(byte) / 255.0F;
  }

  const std::vector<float> columns = gradient_of_columns(second);
  const auto first_filter_gradient = [&](auto scatter) {
    Tensor between(first.output_shape());
    scatter(second.geometry, columns, between.values());
    Tensor gradient(first.filter_shape());
    ImageScratch scratch(first);
    gemm_backward_filter(first, input.values(), between.values(),
                         gradient.values(), scratch);
    return gradient;
  };
  const Tensor right = first_filter_gradient(col2im);
  const Tensor wrong = first_filter_gradient(col2im_through_view);
  fmt::print("two convolutions in a row, filters of the first:\n");
  report_damage(program, "first-filters",
                gradient_damage(right.values(), wrong.values()));
}
// endregion

// region tell-overlap
}  // namespace

void tell_overlap(Program& program, const Dataset& pictures) {
  show_overlap(program);
  draw_overlap(program);
  damage_one(program, "kernel-3", {32, 8, 28, 28, 16, 3, 3, 1, 1});
  damage_one(program, "kernel-5", {32, 8, 28, 28, 16, 5, 5, 1, 2});
  damage_one(program, "stride-2", {32, 8, 28, 28, 16, 3, 3, 2, 1});
  damage_one(program, "no-overlap", {32, 8, 28, 28, 16, 2, 2, 2, 0});
  damage_two(program, pictures);
}

}  // namespace cnn
// endregion
