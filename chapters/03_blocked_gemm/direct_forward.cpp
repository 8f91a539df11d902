// region quiet: includes
#include <algorithm>

#include "chapters/03_blocked_gemm/direct_task.hpp"
#include "chapters/03_blocked_gemm/parallel.hpp"

namespace cnn {
namespace {
// endregion

// region forward-arrays
/// One image and what becomes of it.
struct ForwardImage {
  const float* input = nullptr;
  float* output = nullptr;
  std::uint8_t* winners = nullptr;  ///< null: nobody wants to know
};
// endregion

// region forward-plain
/// A band of output, written by the tiles themselves.
void forward_band(const DirectConvolution::Plan& plan,
                  const ForwardImage& image, const Band& band,
                  Workspace& space) {
  const Sweep& sweep = plan.forward;
  const CanvasRows canvas =
      canvas_under(sweep, plan.kernels, {image.input}, band.first, band.rows,
                   space.canvas.data());
  const std::int64_t row = sweep.wide_width * sweep.floats;
  for (std::int64_t y = 0; y < band.rows; y += sweep.strip) {
    sweep_forward(sweep, plan.kernels, canvas, plan.filter.data(),
                  plan.bias.data(), plan.options.relu ? 0 : kNoLimit,
                  band.first + y, std::min(sweep.strip, band.rows - y),
                  image.output + (band.first + y) * row);
  }
}
// endregion

// region forward-pooled
/// A band whose rows stay in the nearest cache until they have been pooled.
void forward_pooled_band(const DirectConvolution::Plan& plan,
                         const ForwardImage& image, const Band& band,
                         Workspace& space) {
  const Sweep& sweep = plan.forward;
  const CanvasRows canvas =
      canvas_under(sweep, plan.kernels, {image.input}, band.first, band.rows,
                   space.canvas.data());
  const std::int64_t row = sweep.wide_width * sweep.floats;
  const std::int64_t pool = plan.options.pool;
  const std::int64_t pooled_row = plan.output.width * plan.output.pixel;
  float* rows = space.rows.data();
  for (std::int64_t y = 0; y < band.rows; y += plan.strip) {
    const std::int64_t count = std::min(plan.strip, band.rows - y);
    sweep_forward(sweep, plan.kernels, canvas, plan.filter.data(),
                  plan.bias.data(), kNoLimit, band.first + y, count, rows);
    for (std::int64_t r = 0; r < count; r += pool) {
      const std::int64_t at = (band.first + y + r) / pool * pooled_row;
      plan.kernels.pool(
          {rows + r * row, row, sweep.lane_pixel, plan.output.pixel,
           plan.output.width, pool, plan.options.relu, image.output + at,
           image.winners == nullptr ? nullptr : image.winners + at});
    }
  }
}

// endregion

// region forward-first
/// A band that never exists before it has been pooled.
void forward_first_band(const DirectConvolution::Plan& plan,
                        const ForwardImage& image, const Band& band,
                        Workspace& space) {
  const CanvasRows canvas =
      canvas_under(plan.forward, plan.kernels, {image.input}, band.first,
                   band.rows, space.canvas.data());
  const std::int64_t at =
      band.first / plan.options.pool * plan.output.width * plan.output.pixel;
  plan.kernels.first_forward[plan.geometry.kernel_height - 1](
      {.layer = plan.first(canvas, band.rows),
       .filter = plan.filter.data(),
       .bias = plan.bias.data(),
       .relu = plan.options.relu,
       .to = image.output + at,
       .winners = image.winners == nullptr ? nullptr : image.winners + at});
}

}  // namespace
// endregion

// region direct-forward
void DirectConvolution::forward(std::span<const float> input,
                                std::span<const float> filter,
                                std::span<const float> bias,
                                std::span<float> output,
                                std::span<std::uint8_t> winners) {
  Plan& plan = *plan_;
  require_size("input", input.size(), plan.input.size());
  require_size("filter", filter.size(), plan.geometry.filter_shape().size());
  require_size_or_none("bias", bias.size(), plan.geometry.output_channels);
  require_size("output", output.size(), plan.output.size());
  require_size_or_none("winners", winners.size(), plan.output.size());

  const auto lanes = plan.first_layer ? static_cast<int>(plan.output.pixel)
                                      : plan.kernels.lanes;
  pack_filter(plan.forward, lanes, plan.geometry.filter_shape(), filter,
              plan.options.threads, plan.filter.data());
  pack_bias(plan.forward, bias, plan.bias.data());
  const bool plain =
      plan.options.pool == 1 && winners.empty() && plan.forward.writes_output();
  const auto compute = plan.first_layer ? forward_first_band
                       : plain          ? forward_band
                                        : forward_pooled_band;
  const std::int64_t input_image = plan.input.size() / plan.input.batch;
  const std::int64_t output_image = plan.output.size() / plan.output.batch;
  const std::int64_t height = plan.forward.window.output_height;
  parallel_for(
      plan.options.threads, plan.input.batch * plan.bands.count,
      [&](std::int64_t task, int thread) {
        const Band band = band_of(plan.bands, height, task);
        const std::int64_t at = band.image * output_image;
        const ForwardImage image{
            input.data() + band.image * input_image, output.data() + at,
            winners.empty() ? nullptr : winners.data() + at};
        Workspace& space = plan.workspaces[static_cast<std::size_t>(thread)];
        compute(plan, image, band, space);
      });
}

}  // namespace cnn
// endregion
