// region quiet: includes
#include "chapters/06_tiled_cuda_adam/exhibits.hpp"

#include <memory>
#include <utility>

#include "chapters/05_naive_cuda/exhibits.hpp"
#include "chapters/06_tiled_cuda_adam/adam.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_choices.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_device.hpp"

namespace cnn {
// endregion

// region exhibit-steps
namespace {

using All = std::vector<Exhibit>;

double flop_of(const ProductSizes& sizes) {
  return 2.0 * sizes.m * sizes.n * sizes.k;
}

void add_steps(All& all, const ExhibitLaunches& launches) {
  static constexpr std::array kShows{
      "a thread an element, lanes down a column: a sector of a for each lane",
      "lanes along a row: 32 of them share one sector of a, and four of b",
      "tiles of 32 x 32 in shared memory, a's turned: look at the stores",
      "the same, a's tile a column wider: its stores take one pass again",
      "8 sums of a column a thread: 9 shared loads for 8 products",
      "8 x 8 sums a thread: 16 shared loads for 64 products",
      "by fours: 4 wide loads for 64 products, 3 passes each",
      "cp.async: a copy is a global load, and a shared store when it arrives",
      "8 x 16 sums a thread: 6 wide loads for 128 products, 2 passes each"};
  static_assert(kShows.size() == kStepNames.size());
  for (std::size_t i = 0; i < kStepNames.size(); ++i) {
    const int number = static_cast<int>(i);
    all.push_back(
        {kStepNames[i], "step " + std::to_string(i) + ", " + kShows[i],
         [=] { launches.step(number, kWholeTiles); }, flop_of(kWholeTiles)});
  }
  all.push_back({"ragged_steps", "all nine once more, 67 x 33 times 33 x 70",
                 [=] {
                   for (std::size_t i = 0; i < kStepNames.size(); ++i) {
                     launches.step(static_cast<int>(i), kRaggedTiles);
                   }
                 },
                 flop_of(kRaggedTiles) * kStepNames.size()});
  constexpr ProductSizes kTiny{8, 8, 8};
  all.push_back({"tiny_tiles", "step 2 on 8 x 8, in tiles of 4 x 4: a picture",
                 [=] { launches.tiny_tiles(kTiny); }, flop_of(kTiny)});
}
// endregion

// region exhibit-forms
struct NamedTile {
  ProductPlan::Tile tile;
  const char* name;
};
constexpr std::array kProductTiles{
    NamedTile{ProductPlan::Tile::kLarge, "large"},
    NamedTile{ProductPlan::Tile::kMedium, "medium"},
    NamedTile{ProductPlan::Tile::kSmall, "small"}};

/// "t" for a factor that lies transposed.
std::string letter(bool transposed) {
  return transposed ? "t" : "n";
}

void add_forms(All& all, const ExhibitLaunches& launches) {
  for (const NamedTile& one : kProductTiles) {
    for (const bool a : {false, true}) {
      for (const bool b : {false, true}) {
        const ProductPlan plan{.tile = one.tile, .parts = 1};
        all.push_back(
            {std::string("product_") + one.name + "_" + letter(a) + letter(b),
             std::string("step 8 by ") + one.name + " tiles, a " +
                 (a ? "transposed" : "as it is") + ", b " +
                 (b ? "transposed" : "as it is"),
             [=] { launches.product(kWholeTiles, a, b, plan); },
             flop_of(kWholeTiles)});
      }
    }
  }
  all.push_back({"ragged_forms",
                 "small tiles, all four forms, 67 x 33 times 33 x 70",
                 [=] {
                   const ProductPlan plan{ProductPlan::Tile::kSmall, 1};
                   for (const bool a : {false, true}) {
                     for (const bool b : {false, true}) {
                       launches.product(kRaggedTiles, a, b, plan);
                     }
                   }
                 },
                 4 * flop_of(kRaggedTiles)});
  constexpr ProductSizes kDeep{33, 37, 300};
  all.push_back({"product_parts",
                 "300 terms in 4 parts, whose sums are added in order",
                 [=] {
                   const ProductPlan plan{ProductPlan::Tile::kSmall, 4};
                   launches.product(kDeep, false, true, plan);
                 },
                 flop_of(kDeep)});
}
// endregion

// region exhibit-passes
using Pass = ConvolutionPass;

void add_pass(All& all, const ExhibitLaunches& launches, std::string name,
              std::string shows, const ConvolutionGeometry& g, Pass pass,
              const ConvolutionPlan& plan) {
  all.push_back({std::move(name), std::move(shows),
                 [=] { launches.convolution(g, pass, plan); },
                 convolution_work(g).flop});
}

/// Each tile on 130 pixels, 4 channels to 67.
void add_tiles(All& all, const ExhibitLaunches& launches) {
  const ConvolutionGeometry g{1, 4, 10, 13, 67, 3, 3, 1, 1};
  const ConvolutionGeometry back{1, 67, 10, 13, 4, 3, 3, 1, 1};
  const std::string channels = " of channels x pixels, 4 channels to 67";
  const std::string shows = "an implicit product in tiles ";
  for (const auto& choice : kWindowChoices) {
    const ConvolutionPlan plan{.window_tile = choice.tile};
    const std::string tile = std::string(choice.name);
    add_pass(all, launches, "forward_" + tile, shows + tile + channels, g,
             Pass::kForward, plan);
    add_pass(all, launches, "input_gradient_" + tile, shows + tile + channels,
             back, Pass::kInputGradient, plan);
  }
  for (const auto& choice : kFilterChoices) {
    const ConvolutionPlan plan{.filter_tile = choice.tile, .splits = 2};
    const std::string tile = std::string(choice.name);
    add_pass(all, launches, "filter_gradient_" + tile,
             "two sums over 65 pixels, in tiles " + tile, g,
             Pass::kFilterGradient, plan);
  }
}
// endregion

// region exhibit-ways
void add_ways(All& all, const ExhibitLaunches& launches) {
  const ConvolutionGeometry any{2, 3, 11, 13, 5, 2, 4, 2, 1};
  const std::string strided = "any kernel: 2 x 4 taps, 2 apart";
  add_pass(all, launches, "forward_any", strided, any, Pass::kForward, {});
  add_pass(all, launches, "input_gradient_any", strided, any,
           Pass::kInputGradient, {});
  add_pass(all, launches, "filter_gradient_any", strided, any,
           Pass::kFilterGradient, {.splits = 3});

  const ConvolutionGeometry one{3, 1, 9, 11, 5, 3, 3, 1, 1};
  const ConvolutionPlan first{.method = ConvolutionAlgorithm::kFirstLayer};
  const std::string nine = "one channel to 5: nine products an output";
  add_pass(all, launches, "first_layer_forward", nine, one, Pass::kForward,
           first);
  add_pass(all, launches, "first_layer_input_gradient", nine, one,
           Pass::kInputGradient, first);
  add_pass(all, launches, "first_layer_filter_gradient", nine, one,
           Pass::kFilterGradient, first);

  const ConvolutionGeometry few{2, 3, 9, 6, 5, 3, 3, 1, 1};
  const ConvolutionGeometry many{2, 3, 9, 6, 65, 3, 3, 1, 1};
  const ConvolutionPlan winograd{.method = ConvolutionAlgorithm::kWinograd,
                                 .splits = 2};
  const std::string six = "36 products on transformed tiles of 6 x 6, ";
  add_pass(all, launches, "winograd_forward", six + "64 x 256 at a time", few,
           Pass::kForward, winograd);
  add_pass(all, launches, "winograd_forward_wide", six + "128 x 128 at a time",
           many, Pass::kForward, winograd);
  add_pass(all, launches, "winograd_input_gradient", six + "taps turned round",
           few, Pass::kInputGradient, winograd);
  add_pass(all, launches, "winograd_filter_gradient", six + "in 2 parts", few,
           Pass::kFilterGradient, winograd);
  all.push_back({"channel_sums", "the gradient of a bias: 5 channels", [=] {
                   launches.channel_sums({3, 5, 7, 6}, 2);
                 }});
}
// endregion

// region exhibit-fused-batch-norm
Exhibit fused_batch_norm(const NewBackend& make, std::string name,
                         std::string shows, const BatchNormBlock& block) {
  return operation_exhibit(
      make, std::move(name), std::move(shows), 0, [=](Operands& on) {
        Backend& backend = on.backend();
        backend.reserve_batch_norm(block);
        const std::int64_t channels = block.input.channels;
        const BatchNormArrays arrays{on.input(channels),  on.input(channels),
                                     on.input(channels),  on.input(channels),
                                     on.output(channels), on.output(channels)};
        const Array x = on.input(block.input);
        const Array y = on.output(block.output());
        const Array dy = on.input(block.output());
        const Array dx = on.output(block.input);
        const Array dscale = on.output(channels);
        const Array dshift = on.output(channels);
        const std::int64_t size = backend.winners_size(block);
        const ByteArray winners = backend.allocate_bytes(size);
        return [=, &backend] {
          constexpr float kEpsilon = 1e-5F;
          backend.batch_norm_forward(block, arrays, 0.1F, kEpsilon, x, y,
                                     winners);
          backend.batch_norm_backward(block, arrays, x, dy, winners, dx, dscale,
                                      dshift);
          backend.batch_norm_inference(block, arrays, kEpsilon, x, y);
        };
      });
}
// endregion

// region exhibit-fused-pooling
Exhibit pooling(const NewBackend& make, std::string name, std::string shows,
                const Shape& input) {
  const PoolGeometry pool{input, 2, 2};
  return operation_exhibit(make, std::move(name), std::move(shows), 0,
                           [=](Operands& on) {
                             Backend& backend = on.backend();
                             const Array x = on.input(pool.input);
                             const Array y = on.output(pool.output());
                             const Array dy = on.input(pool.output());
                             const Array dx = on.output(pool.input);
                             return [=, &backend] {
                               backend.max_pool_forward(pool, x, y);
                               backend.max_pool_backward(pool, x, y, dy, dx);
                             };
                           });
}
// endregion

// region exhibit-adam
Exhibit adam(const NewBackend& make) {
  constexpr std::int64_t kCount = 1004;
  return operation_exhibit(
      make, "adam_step", "1004 parameters, four a thread", 0, [](Operands& on) {
        AdamBackend& backend = adam_of(on.backend());
        const Array gradients = on.input(kCount);
        const Array first = on.output(kCount);
        const Array second = on.output(kCount);
        on.backend().clear(first, kCount);
        on.backend().clear(second, kCount);
        const Array parameters = on.input(kCount);
        return [=, &backend] {
          backend.adam_step(kCount, adam_numbers({}, 0.001F, 0), gradients,
                            first, second, parameters);
        };
      });
}

void add_operations(All& all, const NewBackend& make) {
  for (Exhibit& one : plain_exhibits(make)) all.push_back(std::move(one));
  all.push_back(fused_batch_norm(make, "batch_norm_relu",
                                 "5 channels of 3 x 7 x 6, ReLU fused",
                                 {{3, 5, 7, 6}, true}));
  all.push_back(fused_batch_norm(make, "batch_norm_pool",
                                 "5 channels of 3 x 8 x 12, ReLU and pooling",
                                 {{3, 5, 8, 12}, true, 2}));
  all.push_back(pooling(make, "max_pool", "windows of 2 x 2 on 8 x 12: pairs",
                        {2, 3, 8, 12}));
  all.push_back(
      pooling(make, "max_pool_odd", "windows of 2 x 2 on 7 x 9", {2, 3, 7, 9}));
  all.push_back(adam(make));
}

}  // namespace
// endregion

// region tiled-exhibits
std::vector<Exhibit> tiled_exhibits(Device device) {
  const ExhibitLaunches launches = exhibit_launches(device);
  All all;
  add_steps(all, launches);
  add_forms(all, launches);
  add_tiles(all, launches);
  add_ways(all, launches);
  add_operations(all, [=] { return make_tiled_backend(device); });
  return all;
}

}  // namespace cnn
// endregion
