// region quiet: includes
#include <algorithm>

#include "chapters/03_blocked_gemm/direct_task.hpp"
#include "chapters/03_blocked_gemm/parallel.hpp"

namespace cnn {
namespace {
// endregion

// region part-of
/// Part `part` of `parts` that divide [0, count) as evenly as they can.
struct Range {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

Range part_of(std::int64_t count, std::int64_t parts, std::int64_t part) {
  return {count * part / parts, count * (part + 1) / parts};
}
// endregion

// region add-won
/// Adds the gradients of those of an image who won.
void add_won(const DirectConvolution::Plan& plan, const CanvasSource& gradient,
             float* bias_sums) {
  plan.kernels.add_won({.from = gradient.values,
                        .winners = gradient.winners,
                        .channels = plan.output.pixel,
                        .width = plan.output.height * plan.output.width,
                        .to = bias_sums});
}
// endregion

// region backward-filter-image
/// Adds what one image has to say about some taps.
/// @param bias_sums null: somebody else adds them
void backward_filter_image(const DirectConvolution::Plan& plan,
                           const float* input, const CanvasSource& gradient,
                           const Range& taps, float* sums, float* bias_sums,
                           Workspace& space) {
  const Sweep& sweep = plan.columns;
  const std::int64_t height = sweep.window.output_height;
  for (std::int64_t y = 0; y < height; y += sweep.strip) {
    const std::int64_t rows = std::min(sweep.strip, height - y);
    const CanvasRows canvas = canvas_under(sweep, plan.kernels, {input}, y,
                                           rows, space.canvas.data());
    const float* wide = gradient.values + y * plan.gradient.pitch();
    if (!plan.gradient.is_source()) {
      paint(plan.gradient, plan.kernels, gradient, y, rows,
            space.gradient.data());
      wide = space.gradient.data();
    }
    sweep_filter(sweep, plan.kernels, canvas.values, wide, rows, taps.first,
                 taps.last, sums);
    if (bias_sums != nullptr && !plan.winners) {
      plan.kernels.add_rows(wide, rows * sweep.wide_width, sweep.floats,
                            bias_sums);
    }
  }
  if (bias_sums != nullptr && plan.winners) {
    add_won(plan, gradient, bias_sums);
  }
}
// endregion

// region backward-filter-winners
/// The same when only winners count, for some of the filters.
void backward_filter_winners(const DirectConvolution::Plan& plan,
                             const float* input, const CanvasSource& gradient,
                             const Range& filters, float* sums,
                             float* bias_sums, Workspace& space) {
  const CanvasRows canvas =
      canvas_under(plan.columns, plan.kernels, {input}, 0,
                   plan.columns.window.output_height, space.canvas.data());
  winners_to_filter(plan.winner_sweep, plan.kernels, canvas.values, gradient,
                    filters.first, filters.last, space.winners.data(), sums);
  if (bias_sums != nullptr) add_won(plan, gradient, bias_sums);
}

// endregion

// region backward-filter-first
/// The same with the first layer's own kernel.
void backward_filter_first(const DirectConvolution::Plan& plan,
                           const float* input, const CanvasSource& gradient,
                           const Range&, float* sums, float* bias_sums,
                           Workspace& space) {
  const std::int64_t height = plan.columns.window.output_height;
  const CanvasRows canvas = canvas_under(plan.columns, plan.kernels, {input}, 0,
                                         height, space.canvas.data());
  plan.kernels.first_backward[plan.geometry.kernel_height - 1](
      {.layer = plan.first(canvas, height),
       .gradient = gradient.values,
       .winners = gradient.winners,
       .sums = sums,
       .bias_sums = bias_sums});
}

}  // namespace
// endregion

// region direct-backward-filter
void DirectConvolution::backward_filter(std::span<const float> input,
                                        std::span<const float> output_gradient,
                                        std::span<const std::uint8_t> winners,
                                        std::span<float> filter_gradient,
                                        std::span<float> bias_gradient) {
  Plan& plan = *plan_;
  const Shape filter = plan.geometry.filter_shape();
  require_size("input", input.size(), plan.input.size());
  require_size("output gradient", output_gradient.size(), plan.output.size());
  require_size("winners", winners.size(),
               plan.winners ? plan.output.size() : 0);
  require_size("filter gradient", filter_gradient.size(), filter.size());
  require_size_or_none("bias gradient", bias_gradient.size(), filter.batch);

  const bool few = plan.winner_sweep.pays;
  const auto add = plan.first_layer ? backward_filter_first
                   : few            ? backward_filter_winners
                                    : backward_filter_image;
  const std::int64_t items = few ? filter.batch : plan.columns.tap_count();
  const std::int64_t item = plan.chunk_floats / items;
  const std::int64_t floats = plan.columns.floats;
  const std::int64_t input_image = plan.input.size() / plan.input.batch;
  const std::int64_t output_image = plan.output.size() / plan.output.batch;
  parallel_for(
      plan.options.threads, plan.chunks * plan.slabs,
      [&](std::int64_t task, int thread) {
        const std::int64_t chunk = task / plan.slabs;
        const std::int64_t slab = task % plan.slabs;
        const Range images = part_of(plan.input.batch, plan.chunks, chunk);
        const Range part = part_of(items, plan.slabs, slab);
        float* sums = plan.filter.data() + chunk * plan.chunk_floats;
        std::fill(sums + part.first * item, sums + part.last * item, 0.0F);
        float* bias_sums = nullptr;
        if (slab == 0 && !bias_gradient.empty()) {
          bias_sums = plan.bias_sums.data() + chunk * floats;
          std::fill_n(bias_sums, floats, 0.0F);
        }
        for (std::int64_t n = images.first; n < images.last; ++n) {
          const std::int64_t at = n * output_image;
          const CanvasSource gradient{
              output_gradient.data() + at,
              plan.winners ? winners.data() + at : nullptr};
          add(plan, input.data() + n * input_image, gradient, part, sums,
              bias_sums, plan.workspaces[static_cast<std::size_t>(thread)]);
        }
      });
  if (few) {
    unpack_windows(plan.winner_sweep, plan.input.pixel, filter,
                   plan.filter.data(), plan.chunks, plan.options.threads,
                   filter_gradient);
  } else {
    unpack_filter(plan.columns, filter, plan.filter.data(), plan.chunks,
                  plan.options.threads, plan.pixels.data(), filter_gradient);
  }
  unpack_bias(plan.columns, plan.bias_sums.data(), plan.chunks, bias_gradient);
}

}  // namespace cnn
// endregion
