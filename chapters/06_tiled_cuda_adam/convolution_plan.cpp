// region quiet: includes
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "chapters/06_tiled_cuda_adam/convolution_choices.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region check-sizes
namespace {

void check_sizes(const ConvolutionGeometry& geometry) {
  geometry.validate();
  constexpr std::int64_t kMost = std::numeric_limits<int>::max();
  for (const Shape& shape : {geometry.input_shape(), geometry.filter_shape(),
                             geometry.output_shape()}) {
    if (shape.size() > kMost) {
      throw InputError(fmt::format(
          "convolution ({}): found an array of {} numbers, the GPU kernels "
          "count up to {}; a smaller batch helps",
          to_string(geometry), shape.size(), kMost));
    }
  }
}

/// Whether kernels that know their taps can be used.
bool fits_square(const ConvolutionGeometry& geometry, ConvolutionPass pass) {
  return geometry.kernel_height == 3 && geometry.kernel_width == 3 &&
         (pass != ConvolutionPass::kInputGradient || geometry.stride == 1);
}

bool fits_first_layer(const ConvolutionGeometry& geometry,
                      ConvolutionPass pass) {
  return geometry.input_channels == 1 && fits_square(geometry, pass);
}

bool fits_winograd(const ConvolutionGeometry& geometry) {
  return fits_square(geometry, ConvolutionPass::kInputGradient);
}
// endregion

// region product-size
/// Rows and columns of the result as a matrix, and the terms of its sums.
struct ProductSize {
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t terms;
};

ProductSize size_of(const ConvolutionGeometry& geometry, ConvolutionPass pass) {
  const Shape output = geometry.output_shape();
  const std::int64_t pixels = output.batch * output.height * output.width;
  if (pass == ConvolutionPass::kFilterGradient) {
    return {geometry.output_channels, geometry.terms(), pixels};
  }
  const Shape result = result_shape(geometry, pass);
  return {result.channels, result.batch * result.height * result.width,
          geometry.kernel_height * geometry.kernel_width *
              (pass == ConvolutionPass::kForward ? geometry.input_channels
                                                 : geometry.output_channels)};
}

std::int64_t pieces(std::int64_t total, std::int64_t size) {
  return (total + size - 1) / size;
}

std::int64_t tiles_in(const ProductSize& size, int rows, int columns) {
  return pieces(size.rows, rows) * pieces(size.columns, columns);
}
// endregion

// region plan-windows
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
/// Parts, so that there are about `blocks` of them for `tiles` each, but none
/// shorter than a dozen steps.
int splits_for(const ProductSize& size, std::int64_t tiles, int blocks) {
  constexpr std::int64_t kShortest = 96;
  const std::int64_t most = pieces(size.terms, kShortest);
  return static_cast<int>(std::clamp<std::int64_t>(blocks / tiles, 1, most));
}

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
  if (!fits_winograd(geometry)) return false;
  const std::int64_t channels =
      std::min(geometry.input_channels, geometry.output_channels);
  const std::int64_t pixels =
      size_of(geometry, ConvolutionPass::kForward).columns;
  if (pass == ConvolutionPass::kFilterGradient) {
    return channels >= 128 && pixels >= 16384;
  }
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
    return {.method = ConvolutionWay::kFirstLayer};
  }
  if (winograd_pays(geometry, pass)) {
    return {.method = ConvolutionWay::kWinograd,
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
// endregion

// region possible-windows
namespace {

void add_windows(const ConvolutionGeometry& geometry, ConvolutionPass pass,
                 std::vector<ConvolutionPlan>& plans) {
  plans.push_back({});
  if (fits_square(geometry, pass)) {
    for (const auto& choice : kWindowChoices) {
      plans.push_back({.window_tile = choice.tile});
    }
  }
  if (!fits_winograd(geometry)) return;
  for (std::int64_t images = geometry.batch;; images = pieces(images, 2)) {
    plans.push_back({.method = ConvolutionWay::kWinograd,
                     .images = static_cast<int>(images)});
    if (images == 1 || images <= geometry.batch / 4) return;
  }
}
// endregion

// region possible-plans
void add_filters(const ConvolutionGeometry& geometry, ConvolutionPass pass,
                 int multiprocessors, std::vector<ConvolutionPlan>& plans) {
  const ProductSize size = size_of(geometry, pass);
  plans.push_back({.splits = splits_for(size, tiles_in(size, 64, 128),
                                        4 * multiprocessors)});
  for (const auto& choice : kFilterChoices) {
    const std::int64_t tiles = tiles_in(size, choice.rows, choice.columns);
    for (const int blocks : {2, 4}) {
      if (!fits_square(geometry, pass)) continue;
      const ConvolutionPlan plan{
          .filter_tile = choice.tile,
          .splits = splits_for(size, tiles, blocks * multiprocessors)};
      if (plan != plans.back()) plans.push_back(plan);
    }
  }
  for (const int splits : {1, 3, 5, 7}) {
    if (!fits_winograd(geometry)) continue;
    plans.push_back({.method = ConvolutionWay::kWinograd, .splits = splits});
  }
}

}  // namespace

std::vector<ConvolutionPlan> possible_plans(const ConvolutionGeometry& geometry,
                                            ConvolutionPass pass,
                                            int multiprocessors) {
  check_sizes(geometry);
  std::vector<ConvolutionPlan> plans;
  if (fits_first_layer(geometry, pass)) {
    plans.push_back({.method = ConvolutionWay::kFirstLayer});
  }
  if (pass == ConvolutionPass::kFilterGradient) {
    add_filters(geometry, pass, multiprocessors, plans);
  } else {
    add_windows(geometry, pass, plans);
  }
  return plans;
}

}  // namespace cnn
// endregion
