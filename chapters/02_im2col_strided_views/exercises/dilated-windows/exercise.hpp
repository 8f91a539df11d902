#pragma once

#include <cstdint>
#include <span>

#include "chapters/02_im2col_strided_views/windows.hpp"

namespace cnn {

/// As windows(), with weights that look at pixels `dilation` apart.
/// The kernel of `geometry` counts weights: 3 x 3 stays 3 x 3.
/// @param padded NCHW, padded_shape(geometry)
/// @return (n, c, oy, ox, ky, kx), with as many oy and ox as there is room for
StridedView<const float> dilated_windows(const ConvolutionGeometry& geometry,
                                         std::int64_t dilation,
                                         std::span<const float> padded);

}  // namespace cnn
