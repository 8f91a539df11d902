// region quiet: includes
#include "chapters/06_tiled_cuda_adam/convolution_choices.hpp"
#include "chapters/06_tiled_cuda_adam/plan_sizes.hpp"

namespace cnn {
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
  for (std::int64_t images = geometry.batch;; images = pieces(images, 2)) {
    if (fits_winograd(geometry, images)) {
      plans.push_back({.method = ConvolutionAlgorithm::kWinograd,
                       .images = static_cast<int>(images)});
    }
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
    if (!fits_winograd(geometry, geometry.batch)) continue;
    plans.push_back(
        {.method = ConvolutionAlgorithm::kWinograd, .splits = splits});
  }
}

}  // namespace

std::vector<ConvolutionPlan> possible_plans(const ConvolutionGeometry& geometry,
                                            ConvolutionPass pass,
                                            int multiprocessors) {
  check_sizes(geometry);
  std::vector<ConvolutionPlan> plans;
  if (fits_first_layer(geometry, pass)) {
    plans.push_back({.method = ConvolutionAlgorithm::kFirstLayer});
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
