// region quiet: includes
#pragma once

#include <span>
#include <string_view>

#include "chapters/01_naive_convolution/geometry.hpp"

namespace cnn {
// endregion

// region loop-order-type
/// A forward convolution with the arguments of convolution_forward.
using ConvolutionFunction = void (*)(const ConvolutionGeometry& geometry,
                                     std::span<const float> input,
                                     std::span<const float> filter,
                                     std::span<float> output);

/// One order of the seven loops.
struct LoopOrder {
  std::string_view name;   ///< "rows-inside"
  std::string_view loops;  ///< outermost first: "n o y i ky kx x"
  ConvolutionFunction run;
};
// endregion

// region loop-orders-declaration
/// All orders of this chapter: the definition's own first, last the one that
/// later chapters compare with.
std::span<const LoopOrder> loop_orders();

/// The same file compiled once more, with the compiler's vectoriser off.
std::span<const LoopOrder> loop_orders_without_simd();

}  // namespace cnn
// endregion
