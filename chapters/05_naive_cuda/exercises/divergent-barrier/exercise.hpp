#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// Numbers that one block adds up.
inline constexpr int kBlock = 128;

/// sums[b] is the sum of x[128 b] to x[128 b + 127], or to the end of x.
void sum_blocks(const Stream& stream, const float* x, float* sums, int size);

}  // namespace CNN_GPU
}  // namespace cnn
