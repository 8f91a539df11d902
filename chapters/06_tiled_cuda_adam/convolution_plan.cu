// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/06_tiled_cuda_adam/first_layer.hpp"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "chapters/06_tiled_cuda_adam/winograd.hpp"
#include "common/cuda/check.hpp"
#include "common/errors.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region plan-names
namespace {

/// A tile, and how much of the arithmetic a multiprocessor gets done with it
/// when it has enough of them: measured, large tiles need less shared memory
/// traffic for each product.
struct WindowChoice {
  WindowTile tile;
  const char* name;
  int rows;
  int columns;
  double efficiency;
};

constexpr std::array kWindowChoices{
    WindowChoice{WindowTile::k128x128, "128x128", 128, 128, 0.80},
    WindowChoice{WindowTile::k64x256, "64x256", 64, 256, 0.80},
    WindowChoice{WindowTile::k64x128, "64x128", 64, 128, 0.70},
    WindowChoice{WindowTile::k64x64, "64x64", 64, 64, 0.55},
    WindowChoice{WindowTile::k48x256, "48x256", 48, 256, 0.75},
    WindowChoice{WindowTile::k32x256, "32x256", 32, 256, 0.70},
    WindowChoice{WindowTile::k32x96, "32x96", 32, 96, 0.55}};

struct FilterChoice {
  FilterTile tile;
  const char* name;
  int rows;
  int columns;
  double efficiency;
};

constexpr std::array kFilterChoices{
    FilterChoice{FilterTile::k64x96, "64x96", 64, 96, 0.70},
    FilterChoice{FilterTile::k128x96, "128x96", 128, 96, 0.70},
    FilterChoice{FilterTile::k64x128, "64x128", 64, 128, 0.75},
    FilterChoice{FilterTile::k128x128, "128x128", 128, 128, 0.75}};
// endregion

// region plan-to-string
std::string tile_name(const ConvolutionPlan& plan, bool filter) {
  for (const WindowChoice& each : kWindowChoices) {
    if (!filter && each.tile == plan.window_tile) return each.name;
  }
  for (const FilterChoice& each : kFilterChoices) {
    if (filter && each.tile == plan.filter_tile) return each.name;
  }
  return "any kernel";
}

}  // namespace

std::string to_string(ConvolutionPass pass) {
  switch (pass) {
    case ConvolutionPass::kForward:
      return "forward";
    case ConvolutionPass::kInputGradient:
      return "input gradient";
    case ConvolutionPass::kFilterGradient:
      return "filter gradient";
  }
  return {};
}

std::string to_string(const ConvolutionPlan& plan, ConvolutionPass pass) {
  const bool filter = pass == ConvolutionPass::kFilterGradient;
  switch (plan.method) {
    case ConvolutionMethod::kFirstLayer:
      return "first layer";
    case ConvolutionMethod::kTiles:
      return fmt::format("tiles {}{}", tile_name(plan, filter),
                         filter ? fmt::format(", {} parts", plan.splits) : "");
    case ConvolutionMethod::kWinograd:
      return filter ? fmt::format("Winograd, {} parts", plan.splits)
                    : fmt::format("Winograd, {} images", plan.images);
  }
  return {};
}
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

/// Whether a loader that knows its taps can be used.
bool fits_square(const ConvolutionGeometry& geometry, ConvolutionPass pass) {
  return geometry.kernel_height == 3 && geometry.kernel_width == 3 &&
         (pass != ConvolutionPass::kInputGradient || geometry.stride == 1);
}

bool fits_first_layer(const ConvolutionGeometry& geometry,
                      ConvolutionPass pass) {
  return is_first_layer(geometry) &&
         (pass != ConvolutionPass::kInputGradient || geometry.stride == 1);
}
// endregion

// region plan-windows
/// Rows and columns of the matrix product.
struct ProductSize {
  int rows;
  int columns;
};

ProductSize size_of(const ConvolutionGeometry& geometry, ConvolutionPass pass) {
  const auto narrow = [](std::int64_t size) { return static_cast<int>(size); };
  if (pass == ConvolutionPass::kFilterGradient) {
    return {narrow(geometry.output_channels), narrow(geometry.terms())};
  }
  const Shape result = pass == ConvolutionPass::kForward
                           ? geometry.output_shape()
                           : geometry.input_shape();
  return {narrow(result.channels),
          narrow(result.batch * result.height * result.width)};
}

int tiles_in(const ProductSize& size, int rows, int columns) {
  return pieces(size.rows, rows) * pieces(size.columns, columns);
}

/// Whole rounds of the GPU, times what a round takes: the multiprocessor with
/// the most tiles decides.
ConvolutionPlan plan_windows(const ProductSize& size, int multiprocessors) {
  ConvolutionPlan best;
  double least = std::numeric_limits<double>::infinity();
  for (const WindowChoice& each : kWindowChoices) {
    const int tiles = tiles_in(size, each.rows, each.columns);
    const double time = pieces(tiles, multiprocessors) * each.rows *
                        each.columns / each.efficiency;
    if (time < least) {
      least = time;
      best.window_tile = each.tile;
    }
  }
  return best;
}
// endregion

// region plan-filters
/// Parts enough for `rounds` blocks on each multiprocessor, but none of less
/// than a few steps.
int splits_for(const ConvolutionGeometry& geometry, int tiles, int blocks) {
  const Shape output = geometry.output_shape();
  const auto pixels =
      static_cast<int>(output.batch * output.height * output.width);
  constexpr int kShortest = 64;  // pixels
  return std::max(
      1, std::min(blocks / std::max(tiles, 1), pieces(pixels, kShortest)));
}

ConvolutionPlan plan_filters(const ConvolutionGeometry& geometry,
                             const ProductSize& size, int multiprocessors) {
  ConvolutionPlan best;
  double least = std::numeric_limits<double>::infinity();
  for (const FilterChoice& each : kFilterChoices) {
    const int tiles = tiles_in(size, each.rows, each.columns);
    const double time = tiles * each.rows * each.columns / each.efficiency;
    if (time < least) {
      least = time;
      best.filter_tile = each.tile;
      best.splits = splits_for(geometry, tiles, 4 * multiprocessors);
    }
  }
  return best;
}
// endregion

// region choose-plan
}  // namespace

int multiprocessors() {
  int device = 0;
  int count = 0;
  cuda_check(cudaGetDevice(&device), "cudaGetDevice");
  cuda_check(
      cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device),
      "cudaDeviceGetAttribute");
  return count;
}

ConvolutionPlan choose_plan(const ConvolutionGeometry& geometry,
                            ConvolutionPass pass, int multiprocessors) {
  check_sizes(geometry);
  if (fits_first_layer(geometry, pass)) {
    return {.method = ConvolutionMethod::kFirstLayer};
  }
  const bool filter = pass == ConvolutionPass::kFilterGradient;
  const ProductSize size = size_of(geometry, pass);
  if (!fits_square(geometry, pass)) {
    return {.splits = filter ? splits_for(geometry, tiles_in(size, 64, 128),
                                          4 * multiprocessors)
                             : 1};
  }
  return filter ? plan_filters(geometry, size, multiprocessors)
                : plan_windows(size, multiprocessors);
}
// endregion

// region possible-plans
std::vector<ConvolutionPlan> possible_plans(const ConvolutionGeometry& geometry,
                                            ConvolutionPass pass,
                                            int multiprocessors) {
  check_sizes(geometry);
  std::vector<ConvolutionPlan> plans;
  if (fits_first_layer(geometry, pass)) {
    plans.push_back({.method = ConvolutionMethod::kFirstLayer});
  }
  const ProductSize size = size_of(geometry, pass);
  const bool square = fits_square(geometry, pass);
  if (pass == ConvolutionPass::kFilterGradient) {
    plans.push_back({.splits = splits_for(geometry, tiles_in(size, 64, 128),
                                          4 * multiprocessors)});
    for (const FilterChoice& each : kFilterChoices) {
      const int tiles = tiles_in(size, each.rows, each.columns);
      for (const int blocks : {2, 4, 8}) {
        if (!square) continue;
        plans.push_back(
            {.filter_tile = each.tile,
             .splits = splits_for(geometry, tiles, blocks * multiprocessors)});
      }
    }
    for (const int splits : {1, 3, 5, 8}) {
      if (!fits_winograd(geometry)) continue;
      plans.push_back(
          {.method = ConvolutionMethod::kWinograd, .splits = splits});
    }
    return plans;
  }
  plans.push_back({});
  for (const WindowChoice& each : kWindowChoices) {
    if (square) plans.push_back({.window_tile = each.tile});
  }
  for (const int images : {8, 16, 32, 64, 128}) {
    if (!fits_winograd(geometry) || images > geometry.batch) continue;
    plans.push_back({.method = ConvolutionMethod::kWinograd, .images = images});
  }
  return plans;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
