// region quiet: includes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/geometry.hpp"

namespace cnn {
// endregion

// region convolution-pass
/// The three convolutions of a layer.
enum class ConvolutionPass { kForward, kInputGradient, kFilterGradient };

/// "forward", "input gradient", "filter gradient".
std::string to_string(ConvolutionPass pass);
/// Of the array that the pass computes.
Shape result_shape(const ConvolutionGeometry& geometry, ConvolutionPass pass);
// endregion

// region convolution-tiles
/// Which tile of an output or of an input gradient a block computes: channels
/// x pixels. All but kAny are for 3 x 3 taps and, for the gradient, a stride
/// of 1.
enum class WindowTile {
  kAny,  ///< 64 x 128, for any kernel, stride and padding
  k128x128,
  k64x256,
  k64x128,
  k64x64,
  k48x256,
  k32x128,
  k32x96
};

/// The same for a filter gradient: output channels x weights of a filter. All
/// but kAny are for 3 x 3 taps.
enum class FilterTile {
  kAny,  ///< 64 x 128, for any kernel
  k64x96,
  k128x96,
  k64x128,
  k128x128
};
// endregion

// region convolution-plan
/// How to compute a convolution.
enum class ConvolutionAlgorithm {
  kFirstLayer,  ///< one input channel, 3 x 3: the memory decides
  kTiles,       ///< an implicit matrix product, tile by tile
  kWinograd     ///< 3 x 3, stride 1: a quarter of the multiplications
};

/// A method, and its sizes. Every plan of possible_plans() is right; which one
/// is fastest depends on the shape and on the GPU.
struct ConvolutionPlan {
  ConvolutionAlgorithm method = ConvolutionAlgorithm::kTiles;
  WindowTile window_tile = WindowTile::kAny;  ///< forward, input gradient
  FilterTile filter_tile = FilterTile::kAny;  ///< filter gradient
  int splits = 1;  ///< filter gradient: parts of the sum over the pixels
  int images = 1;  ///< Winograd, but no filter gradient: images at a time

  bool operator==(const ConvolutionPlan&) const = default;
};

/// "tiles 64x128", "Winograd, 16 images".
std::string to_string(const ConvolutionPlan& plan, ConvolutionPass pass);
// endregion

// region convolution-plans
/// The plan we take, for a GPU with this many multiprocessors.
/// Throws InputError when there is no such convolution, or when an array has
/// 2^31 elements or more: the kernels count in 32 bits.
ConvolutionPlan choose_plan(const ConvolutionGeometry& geometry,
                            ConvolutionPass pass, int multiprocessors);
/// All that can be tried, for a search of the fastest.
std::vector<ConvolutionPlan> possible_plans(const ConvolutionGeometry& geometry,
                                            ConvolutionPass pass,
                                            int multiprocessors);

}  // namespace cnn
// endregion
