// region quiet: includes
#include <algorithm>

#include "chapters/03_blocked_gemm/direct_task.hpp"
#include "chapters/03_blocked_gemm/parallel.hpp"

namespace cnn {
namespace {
// endregion

// region backward-input-band
/// Some rows of an image's gradient.
void backward_input_band(const DirectConvolution::Plan& plan,
                         const CanvasSource& gradient, const Band& band,
                         float* input_gradient, Workspace& space) {
  const Sweep& sweep = plan.backward;
  const CanvasRows canvas =
      canvas_under(sweep, plan.kernels, gradient, band.first, band.rows,
                   space.canvas.data());
  const std::int64_t image_row = plan.input.width * plan.input.pixel;
  const std::int64_t wide_row = sweep.wide_width * sweep.floats;
  for (std::int64_t y = 0; y < band.rows; y += sweep.strip) {
    const std::int64_t count = std::min(sweep.strip, band.rows - y);
    float* to = input_gradient + (band.first + y) * image_row;
    float* rows = plan.backward_buffered ? space.rows.data() : to;
    sweep_forward(sweep, plan.kernels, canvas, plan.filter.data(),
                  plan.bias.data(), kNoLimit, band.first + y, count, rows);
    if (!plan.backward_buffered) continue;
    for (std::int64_t r = 0; r < count; ++r) {  // out of wide pixels: a "pool"
      plan.kernels.pool({rows + r * wide_row, wide_row, sweep.lane_pixel,
                         plan.input.pixel, plan.input.width, 1, false,
                         to + r * image_row, nullptr});
    }
  }
}
// endregion

// region backward-input-winners
/// An image's gradient as the sum of what its winners send back.
void backward_input_winners(const DirectConvolution::Plan& plan,
                            const CanvasSource& gradient, float* input_gradient,
                            Workspace& space) {
  const Canvas& canvas = plan.columns.canvas;
  const std::int64_t image_row = plan.input.width * plan.input.pixel;
  const std::int64_t padded = plan.scattered_floats();
  float* sums = padded == 0 ? input_gradient : space.canvas.data();
  std::fill_n(sums, padded == 0 ? plan.input.height * image_row : padded, 0.0F);
  winners_to_input(plan.winner_sweep, plan.kernels, gradient,
                   plan.filter.data(), plan.geometry.output_channels,
                   space.winners.data(), sums);
  if (padded == 0) return;
  for (std::int64_t y = 0; y < plan.input.height; ++y) {
    std::copy_n(
        sums + (canvas.top + y) * canvas.pitch() + canvas.left * canvas.pixel,
        image_row, input_gradient + y * image_row);
  }
}

}  // namespace
// endregion

// region direct-backward-input
void DirectConvolution::backward_input(std::span<const float> output_gradient,
                                       std::span<const std::uint8_t> winners,
                                       std::span<const float> filter,
                                       std::span<float> input_gradient) {
  Plan& plan = *plan_;
  require_size("output gradient", output_gradient.size(), plan.output.size());
  require_size("winners", winners.size(),
               plan.winners ? plan.output.size() : 0);
  require_size("filter", filter.size(), plan.geometry.filter_shape().size());
  require_size("input gradient", input_gradient.size(), plan.input.size());

  const bool few = plan.winner_sweep.pays;
  const Shape shape = plan.geometry.filter_shape();
  if (few) {
    pack_windows(plan.winner_sweep, plan.input.pixel, shape, filter,
                 plan.options.threads, plan.filter.data());
  } else {
    pack_turned_filter(plan.backward, plan.kernels.lanes, shape, filter,
                       plan.options.threads, plan.filter.data());
    pack_bias(plan.backward, {}, plan.bias.data());
  }
  const Bands bands = few ? Bands{1, plan.input.height} : plan.backward_bands;
  const std::int64_t input_image = plan.input.size() / plan.input.batch;
  const std::int64_t output_image = plan.output.size() / plan.output.batch;
  parallel_for(plan.options.threads, plan.input.batch * bands.count,
               [&](std::int64_t task, int thread) {
                 const Band band = band_of(bands, plan.input.height, task);
                 const std::int64_t at = band.image * output_image;
                 const CanvasSource gradient{
                     output_gradient.data() + at,
                     plan.winners ? winners.data() + at : nullptr};
                 float* to = input_gradient.data() + band.image * input_image;
                 Workspace& space =
                     plan.workspaces[static_cast<std::size_t>(thread)];
                 if (few) {
                   backward_input_winners(plan, gradient, to, space);
                 } else {
                   backward_input_band(plan, gradient, band, to, space);
                 }
               });
}

}  // namespace cnn
// endregion
