// region quiet: includes
#include "chapters/03_blocked_gemm/direct_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chapters/03_blocked_gemm/shares.hpp"
#include "common/errors.hpp"

namespace cnn {
namespace {
// endregion

// region plan-helpers
Tensor make_array(std::int64_t size) {
  return Tensor({1, 1, 1, size});
}

std::int64_t bytes_of(const Tensor& tensor) {
  return tensor.size() * static_cast<std::int64_t>(sizeof(float));
}

Shape pooled_shape(const ConvolutionGeometry& geometry, std::int64_t pool) {
  Shape shape = geometry.output_shape();
  shape.height /= pool;
  shape.width /= pool;
  return shape;
}

}  // namespace
// endregion

// region choose-bands
Bands choose_bands(const Sweep& sweep, std::int64_t step, std::int64_t batch,
                   int threads) {
  constexpr std::int64_t kCanvasFloats = 128 * 1024;  // half a megabyte
  const std::int64_t height = sweep.window.output_height;
  std::int64_t rows = height;
  if (threads > 1 && batch < 2 * threads) {
    rows = divide_up(height, divide_up(2 * threads, batch));
  }
  const auto round = [&] { rows = divide_up(rows, step) * step; };
  round();
  while (rows > step && sweep.canvas_floats(rows) > kCanvasFloats) {
    rows /= 2;
    round();
  }
  return {divide_up(height, rows), rows};
}
// endregion

// region plan-constructor
DirectConvolution::Plan::Plan(const ConvolutionGeometry& sizes,
                              const DirectOptions& wishes)
    : geometry((sizes.validate(), sizes)),
      options(wishes),
      kernels(direct_kernels(wishes.isa)) {
  if (options.pool < 1 || options.pool > 15) {
    throw InputError(
        fmt::format("direct convolution ({}): found pooling by {}, expected 1 "
                    "to 15",
                    to_string(geometry), options.pool));
  }
  const Shape shape = pooled_shape(geometry, options.pool);
  if (shape.height < 1 || shape.width < 1) {
    throw InputError(fmt::format(
        "direct convolution ({}): nothing is left of its output after pooling "
        "by {}",
        to_string(geometry), options.pool));
  }
  options.threads = std::max(1, options.threads);
  input = channels_last(geometry.input_shape());
  output = channels_last(shape);
  winners = options.relu || options.pool > 1;
  plan_forward();
  plan_backward_input();
  winner_sweep = WinnerSweep(columns, kernels, options.pool, output.pixel);
  plan_backward_filter();
  allocate();
}
// endregion

// region plan-forward
/// Rows and columns that pooling will drop are not computed in the first place.
void DirectConvolution::Plan::plan_forward() {
  const SweepWindow window{.channels = geometry.input_channels,
                           .kernel_height = geometry.kernel_height,
                           .kernel_width = geometry.kernel_width,
                           .stride = geometry.stride,
                           .output_height = output.height * options.pool,
                           .output_width = output.width * options.pool,
                           .output_pixel = output.pixel};
  const Canvas image{.source_height = geometry.input_height,
                     .source_width = geometry.input_width,
                     .source_pixel = input.pixel,
                     .top = geometry.padding,
                     .left = geometry.padding,
                     .pixel = input.pixel};
  forward = Sweep(window, image, kernels, true);
  columns = Sweep(window, image, kernels);

  plan_first_layer();
  buffered = !first_layer && (winners || !forward.writes_output());
  strip = forward.strip;
  if (buffered) {  // in the innermost cache until it has been pooled
    constexpr std::int64_t kEnoughPixels = 2 * kMostRows;
    const std::int64_t window_row = options.pool * forward.wide_width;
    strip =
        std::max<std::int64_t>(1, kEnoughPixels / window_row) * options.pool;
    strip = std::min(strip, window.output_height);
  }
  bands = choose_bands(forward, options.pool, geometry.batch, options.threads);
}
// endregion

// region plan-first-layer
/// Pixels shorter than eight floats are better off sharing a vector.
void DirectConvolution::Plan::plan_first_layer() {
  const std::int64_t size = geometry.kernel_height;
  first_layer = geometry.input_channels == 1 && geometry.stride == 1 &&
                options.pool == 2 && size == geometry.kernel_width &&
                size <= kMostFirstSize &&
                kernels.first_forward[size - 1] != nullptr &&
                output.pixel % std::min(kernels.lanes, 8) == 0;
  if (!first_layer) return;
  columns.merged = 1;  // each pixel for itself, and whole images at once
  columns.lane_pixel = output.pixel;
  columns.floats = output.pixel;
  columns.wide_width = columns.window.output_width;
  columns.wide_kernel = size;
  columns.groups = {1};
  columns.taps.resize(static_cast<std::size_t>(size * size));
  columns.strip = columns.window.output_height;
  forward = columns;
}

FirstLayer DirectConvolution::Plan::first(const CanvasRows& canvas,
                                          std::int64_t rows) const {
  return {canvas.values + columns.canvas.hidden(), columns.canvas.pitch(),
          output.pixel, rows / options.pool, output.width};
}
// endregion

// region plan-backward-input
/// The gradient of the input is a convolution of stride 1: of the output
/// gradient, with as many zeros between its pixels as the stride skipped.
void DirectConvolution::Plan::plan_backward_input() {
  const SweepWindow window{.channels = geometry.output_channels,
                           .kernel_height = geometry.kernel_height,
                           .kernel_width = geometry.kernel_width,
                           .stride = 1,
                           .output_height = geometry.input_height,
                           .output_width = geometry.input_width,
                           .output_pixel = input.pixel};
  const Canvas image{.source_height = output.height * options.pool,
                     .source_width = output.width * options.pool,
                     .source_pixel = output.pixel,
                     .pool = options.pool,
                     .top = geometry.kernel_height - 1 - geometry.padding,
                     .left = geometry.kernel_width - 1 - geometry.padding,
                     .spread = geometry.stride,
                     .pixel = output.pixel,
                     .winners = winners};
  backward = Sweep(window, image, kernels, true);
  backward_buffered = !backward.writes_output();
  backward_bands = choose_bands(backward, 1, geometry.batch, options.threads);
}
// endregion

// region plan-backward-filter
/// How the work is cut up depends on the geometry alone, so that any number of
/// threads adds the same numbers in the same order.
void DirectConvolution::Plan::plan_backward_filter() {
  gradient = {.source_height = columns.window.output_height,
              .source_width = columns.window.output_width,
              .source_pixel = output.pixel,
              .pool = options.pool,
              .height = columns.window.output_height,
              .width = columns.wide_width * columns.merged,
              .pixel = columns.lane_pixel,
              .winners = winners};

  constexpr std::int64_t kTasks = 32;
  constexpr std::int64_t kSumFloats = 640 * 1024;  // 2.5 megabytes
  std::int64_t divisible =
      first_layer ? 1 : divide_up(columns.tap_count(), kMostRows);
  chunk_floats = columns.tap_count() * columns.floats;
  if (winner_sweep.pays) {
    divisible = geometry.output_channels;
    chunk_floats = geometry.output_channels * winner_sweep.window_floats;
  }
  // Adding up chunks is work, and reading the gradients once for each slab is.
  // Where so much less is multiplied the former counts for more.
  const std::int64_t few_slabs = winner_sweep.pays ? 4 : 1;
  const std::int64_t wanted = kTasks / std::min(few_slabs, divisible);
  chunks = std::clamp<std::int64_t>(kSumFloats / chunk_floats, 1,
                                    std::min(wanted, geometry.batch));
  slabs = std::clamp<std::int64_t>(kTasks / chunks, 1, divisible);
}
// endregion

// region plan-memory
std::int64_t DirectConvolution::Plan::scattered_floats() const {
  if (!winner_sweep.pays || columns.canvas.is_source()) return 0;
  const Canvas& canvas = columns.canvas;
  return std::max(canvas.top + canvas.source_height, canvas.height) *
         canvas.pitch();
}

void DirectConvolution::Plan::allocate() {
  bias_sums = make_array(chunks * columns.floats);
  filter = make_array(
      std::max({chunks * chunk_floats, forward.tap_count() * forward.floats,
                backward.tap_count() * backward.floats}));
  bias = make_array(std::max(forward.floats, backward.floats));
  pixels = make_array(options.threads * forward.lane_pixel);

  const std::int64_t canvas = std::max(
      {forward.canvas_floats(bands.rows),
       backward.canvas_floats(backward_bands.rows),
       columns.canvas_floats(columns.strip),
       winner_sweep.pays ? columns.canvas_floats(columns.window.output_height)
                         : 0,
       scattered_floats()});
  const std::int64_t wide = gradient.is_source() || first_layer
                                ? 0
                                : columns.strip * gradient.pitch();
  const std::int64_t rows = std::max(
      buffered ? strip * forward.wide_width * forward.floats : 0,
      backward_buffered ? backward.strip * backward.wide_width * backward.floats
                        : 0);
  const std::int64_t list =
      winner_sweep.pays ? std::max((winner_sweep.positions + 1) * output.pixel,
                                   winner_sweep.pooled_pixels() + 1)
                        : 0;
  for (int thread = 0; thread < options.threads; ++thread) {
    workspaces.push_back({make_array(canvas), make_array(wide),
                          make_array(rows),
                          std::vector<Winner>(static_cast<std::size_t>(list))});
  }
}
// endregion

// region scratch-bytes
std::int64_t DirectConvolution::scratch_bytes() const {
  const Plan& plan = *plan_;
  std::int64_t bytes = 0;
  for (const Tensor* tensor :
       {&plan.bias_sums, &plan.filter, &plan.bias, &plan.pixels}) {
    bytes += bytes_of(*tensor);
  }
  for (const Workspace& space : plan.workspaces) {
    bytes += bytes_of(space.canvas) + bytes_of(space.gradient) +
             bytes_of(space.rows) +
             static_cast<std::int64_t>(space.winners.size() * sizeof(Winner));
  }
  for (const Sweep* sweep : {&plan.forward, &plan.backward, &plan.columns}) {
    bytes += static_cast<std::int64_t>(
        (sweep->pixels.size() + sweep->taps.size()) * sizeof(std::int64_t));
  }
  return bytes;
}

}  // namespace cnn
// endregion
