#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// Numbers for each block.
inline constexpr int kBlock = 128;

/// total[0] = a[0] b[0] + a[1] b[1] + ...; the same bits every time.
/// @param partials room for as many numbers as there are blocks, for any use
void dot_product(const Stream& stream, const float* a, const float* b,
                 float* partials, float* total, int size);

}  // namespace CNN_GPU
}  // namespace cnn
