// region quiet: includes
#include <fmt/format.h>

#include <utility>

#include "chapters/06_tiled_cuda_adam/convolution_choices.hpp"
#include "chapters/06_tiled_cuda_adam/exhibits.hpp"

namespace cnn {
// endregion

// region exhibit-passes
namespace {

using All = std::vector<Exhibit>;
using Pass = ConvolutionPass;

void add_pass(All& all, const ExhibitLaunches& launches, std::string name,
              std::string shows, const ConvolutionBlock& block, Pass pass,
              const ConvolutionPlan& plan) {
  all.push_back({std::move(name), std::move(shows),
                 [=] { launches.convolution(block, pass, plan); },
                 convolution_work(block.geometry).flop});
}

/// Each tile on 130 pixels, 4 channels to 67.
void add_tiles(All& all, const ExhibitLaunches& launches) {
  const ConvolutionGeometry g{1, 4, 10, 13, 67, 3, 3, 1, 1};
  const ConvolutionGeometry back{1, 67, 10, 13, 4, 3, 3, 1, 1};
  for (const auto& choice : kWindowChoices) {
    const ConvolutionPlan plan{.window_tile = choice.tile};
    const std::string tile = choice.name;
    const std::string shows = fmt::format(
        "an implicit product in tiles {} of channels x pixels, 4 channels to "
        "67",
        tile);
    add_pass(all, launches, "forward_" + tile, shows, {g}, Pass::kForward,
             plan);
    add_pass(all, launches, "input_gradient_" + tile, shows, {back},
             Pass::kInputGradient, plan);
  }
  for (const auto& choice : kFilterChoices) {
    const ConvolutionPlan plan{.filter_tile = choice.tile, .splits = 2};
    const std::string tile = choice.name;
    add_pass(all, launches, "filter_gradient_" + tile,
             "two sums over 65 pixels, in tiles " + tile, {g},
             Pass::kFilterGradient, plan);
  }
}
// endregion

// region exhibit-ways
void add_ways(All& all, const ExhibitLaunches& launches) {
  const ConvolutionGeometry any{2, 3, 11, 13, 5, 2, 4, 2, 1};
  const std::string strided = "any kernel: 2 x 4 taps, 2 apart";
  add_pass(all, launches, "forward_any", strided, {any}, Pass::kForward, {});
  add_pass(all, launches, "input_gradient_any", strided, {any},
           Pass::kInputGradient, {});
  add_pass(all, launches, "filter_gradient_any", strided, {any},
           Pass::kFilterGradient, {.splits = 3});

  const ConvolutionGeometry one{3, 1, 9, 11, 5, 3, 3, 1, 1};
  const ConvolutionPlan first{.method = ConvolutionAlgorithm::kFirstLayer};
  const std::string nine = "one channel to 5: nine products an output";
  add_pass(all, launches, "first_layer_forward", nine, {one}, Pass::kForward,
           first);
  add_pass(all, launches, "first_layer_input_gradient", nine, {one},
           Pass::kInputGradient, first);
  add_pass(all, launches, "first_layer_filter_gradient", nine, {one},
           Pass::kFilterGradient, first);

  const ConvolutionGeometry few{2, 3, 9, 6, 5, 3, 3, 1, 1};
  const ConvolutionGeometry many{2, 3, 9, 6, 65, 3, 3, 1, 1};
  const ConvolutionPlan winograd{.method = ConvolutionAlgorithm::kWinograd,
                                 .splits = 2};
  const std::string six = "36 products on transformed tiles of 6 x 6, ";
  add_pass(all, launches, "winograd_forward", six + "64 x 256 at a time", {few},
           Pass::kForward, winograd);
  add_pass(all, launches, "winograd_forward_wide", six + "128 x 128 at a time",
           {many}, Pass::kForward, winograd);
  add_pass(all, launches, "winograd_input_gradient", six + "taps turned round",
           {few}, Pass::kInputGradient, winograd);
  add_pass(all, launches, "winograd_filter_gradient", six + "in 2 parts", {few},
           Pass::kFilterGradient, winograd);
  all.push_back({"channel_sums", "the gradient of a bias: 5 channels", [=] {
                   launches.channel_sums({3, 5, 7, 6});
                 }});
}
// endregion

// region exhibit-fused-convolutions
void add_fused(All& all, const ExhibitLaunches& launches) {
  const ConvolutionGeometry g{2, 3, 7, 6, 4, 3, 3, 1, 1};
  const ConvolutionPlan tiles{.window_tile = WindowTile::k64x64};
  const ConvolutionPlan parts{.filter_tile = FilterTile::k64x96, .splits = 2};
  const std::string relu = "3 channels of 7 x 6 to 4, ReLU noted";
  add_pass(all, launches, "fused_relu_forward", relu, {g, true}, Pass::kForward,
           tiles);
  add_pass(all, launches, "fused_relu_input_gradient", relu, {g, true},
           Pass::kInputGradient, tiles);
  const std::string pool = "3 channels of 7 x 6 to 4, ReLU and pooling";
  add_pass(all, launches, "fused_pool_forward", pool, {g, true, 2},
           Pass::kForward, tiles);
  add_pass(all, launches, "fused_pool_filter_gradient", pool, {g, true, 2},
           Pass::kFilterGradient, parts);

  const ConvolutionGeometry one{3, 1, 9, 11, 5, 3, 3, 1, 1};
  const ConvolutionPlan first{.method = ConvolutionAlgorithm::kFirstLayer};
  const std::string nine = "one channel to 5, ReLU and pooling at once";
  add_pass(all, launches, "first_layer_pool_forward", nine, {one, true, 2},
           Pass::kForward, first);
  add_pass(all, launches, "first_layer_pool_filter_gradient", nine,
           {one, true, 2}, Pass::kFilterGradient, first);
}

}  // namespace

std::vector<Exhibit> convolution_exhibits(const ExhibitLaunches& launches) {
  All all;
  add_tiles(all, launches);
  add_ways(all, launches);
  add_fused(all, launches);
  return all;
}

}  // namespace cnn
// endregion
