// region quiet: includes
#pragma once

#include <span>

#include "chapters/03_blocked_gemm/blocking.hpp"
#include "chapters/03_blocked_gemm/gemm.hpp"
#include "chapters/03_blocked_gemm/packing.hpp"

namespace cnn {
// endregion

// region blocked-product
/// A product of whatever two sources pack. Like gemm(), but without checks, and
/// with any strides for C: tiles of a C whose columns lie apart take a detour.
/// @param a terms x rows
/// @param b terms x columns
/// @param memory for packed blocks, 64 Ki floats at least for each thread
void blocked_product(const ProductSizes& sizes, const PanelSource& a,
                     const PanelSource& b, const StridedView<float>& c,
                     const GemmOptions& options, std::span<float> memory);

}  // namespace cnn
// endregion
