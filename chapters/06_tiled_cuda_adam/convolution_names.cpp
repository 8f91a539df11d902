// region quiet: includes
#include <fmt/format.h>

#include "chapters/06_tiled_cuda_adam/convolution_choices.hpp"

namespace cnn {
// endregion

// region tile-name
namespace {

template <class Choices, class Tile>
std::string name_of(const Choices& choices, Tile tile) {
  for (const auto& each : choices) {
    if (each.tile == tile) return each.name;
  }
  return "64x128 for any kernel";
}

}  // namespace
// endregion

// region plan-to-string
std::string to_string(ConvolutionPass pass) {
  switch (pass) {
    case ConvolutionPass::kForward:
      return "forward";
    case ConvolutionPass::kInputGradient:
      return "input gradient";
    case ConvolutionPass::kFilterGradient:
      break;
  }
  return "filter gradient";
}

std::string to_string(const ConvolutionPlan& plan, ConvolutionPass pass) {
  const bool filter = pass == ConvolutionPass::kFilterGradient;
  const std::string parts =
      fmt::format(", {} part{}", plan.splits, plan.splits == 1 ? "" : "s");
  switch (plan.method) {
    case ConvolutionAlgorithm::kFirstLayer:
      return "first layer";
    case ConvolutionAlgorithm::kTiles:
      return filter
                 ? "tiles " + name_of(kFilterChoices, plan.filter_tile) + parts
                 : "tiles " + name_of(kWindowChoices, plan.window_tile);
    case ConvolutionAlgorithm::kWinograd:
      break;
  }
  return filter ? "Winograd" + parts
                : fmt::format("Winograd, {} images", plan.images);
}

Shape result_shape(const ConvolutionGeometry& geometry, ConvolutionPass pass) {
  switch (pass) {
    case ConvolutionPass::kForward:
      return geometry.output_shape();
    case ConvolutionPass::kInputGradient:
      return geometry.input_shape();
    case ConvolutionPass::kFilterGradient:
      break;
  }
  return geometry.filter_shape();
}

}  // namespace cnn
// endregion
