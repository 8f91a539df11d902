#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// Numbers on either side that a window reaches to.
inline constexpr int kRadius = 3;

/// y[i] = x[i - 3] + ... + x[i + 3], with zeros beyond both ends of x.
void sum_windows(const Stream& stream, const float* x, float* y, int size);

}  // namespace CNN_GPU
}  // namespace cnn
