// region quiet: includes
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"

#include <algorithm>

#include "chapters/06_tiled_cuda_adam/convolution_choices.hpp"
#include "chapters/06_tiled_cuda_adam/plan_sizes.hpp"

namespace cnn {
// endregion

// region plan-windows
namespace {

/// How long the multiprocessor with the most tiles takes, in its own unit. It
/// works on `resident` of them at a time; when fewer are left they do not run
/// faster than six warps would.
double time_of(const Choice<WindowTile>& choice, const ProductSize& size,
               int multiprocessors) {
  const std::int64_t tiles =
      pieces(tiles_in(size, choice.rows, choice.columns), multiprocessors);
  const std::int64_t left = tiles % choice.resident;
  const double slow =
      left == 0 ? 0 : std::max(static_cast<double>(left), 6.0 / choice.warps);
  return (static_cast<double>(tiles - left) + slow) * choice.rows *
         choice.columns / choice.speed;
}

ConvolutionPlan plan_windows(const ProductSize& size, int multiprocessors) {
  const auto best = std::ranges::min_element(
      kWindowChoices, {}, [&](const Choice<WindowTile>& choice) {
        return time_of(choice, size, multiprocessors);
      });
  return {.window_tile = best->tile};
}
// endregion

// region plan-filters
ConvolutionPlan plan_filters(const ProductSize& size, int multiprocessors) {
  const auto best = std::ranges::min_element(
      kFilterChoices, {}, [&](const Choice<FilterTile>& choice) {
        return static_cast<double>(tiles_in(size, choice.rows, choice.columns) *
                                   choice.rows * choice.columns) /
               choice.speed;
      });
  return {.filter_tile = best->tile,
          .splits = splits_for(size, tiles_in(size, best->rows, best->columns),
                               4 * multiprocessors)};
}
// endregion

// region plan-winograd
/// Four times fewer multiplications pay for the transforms when there are
/// channels enough to spread them over, and pixels enough for four launches.
bool winograd_pays(const ConvolutionGeometry& geometry, ConvolutionPass pass) {
  const bool filter = pass == ConvolutionPass::kFilterGradient;
  if (!fits_winograd(geometry, filter ? geometry.batch : 1)) return false;
  const std::int64_t channels =
      std::min(geometry.input_channels, geometry.output_channels);
  const std::int64_t pixels =
      size_of(geometry, ConvolutionPass::kForward).columns;
  if (filter) return channels >= 128 && pixels >= 16384;
  return channels >= 64 ? pixels >= 16384 : channels >= 40 && pixels >= 65536;
}

/// As many images at a time as a quarter of a gigabyte holds.
int winograd_images(const ConvolutionGeometry& geometry, ConvolutionPass pass) {
  constexpr std::int64_t kMost = std::int64_t{1} << 26;  // floats
  const Shape result = result_shape(geometry, pass);
  const std::int64_t of_image =
      36 * pieces(result.height, 4) * pieces(result.width, 4) *
      (geometry.input_channels + geometry.output_channels);
  std::int64_t images = geometry.batch;
  while (images > 1 && images * of_image > kMost) images = pieces(images, 2);
  return static_cast<int>(images);
}

/// Parts that fill whole rounds of two blocks on each multiprocessor.
int winograd_splits(const ConvolutionGeometry& geometry, int multiprocessors) {
  const std::int64_t tiles = 36 * pieces(geometry.output_channels, 128) *
                             pieces(geometry.input_channels, 128);
  int best = 1;
  double fullest = 0;
  for (int splits = 1; splits <= 8; ++splits) {
    const double blocks = static_cast<double>(tiles * splits);
    const double rounds =
        static_cast<double>(pieces(tiles * splits, 2 * multiprocessors));
    if (blocks / rounds > 1.02 * fullest) {
      fullest = blocks / rounds;
      best = splits;
    }
  }
  return best;
}
// endregion

// region choose-plan
}  // namespace

ConvolutionPlan choose_plan(const ConvolutionGeometry& geometry,
                            ConvolutionPass pass, int multiprocessors) {
  check_sizes(geometry);
  const bool filter = pass == ConvolutionPass::kFilterGradient;
  const ProductSize size = size_of(geometry, pass);
  if (fits_first_layer(geometry, pass)) {
    return {.method = ConvolutionAlgorithm::kFirstLayer};
  }
  if (winograd_pays(geometry, pass)) {
    return {.method = ConvolutionAlgorithm::kWinograd,
            .splits = filter ? winograd_splits(geometry, multiprocessors) : 1,
            .images = filter ? 1 : winograd_images(geometry, pass)};
  }
  if (fits_square(geometry, pass)) {
    return filter ? plan_filters(size, multiprocessors)
                  : plan_windows(size, multiprocessors);
  }
  if (!filter) return {};
  return {.splits =
              splits_for(size, tiles_in(size, 64, 128), 4 * multiprocessors)};
}

}  // namespace cnn
// endregion
