#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// x[i] = max(x[i], 0) for i in [0, size); size may be 0.
void relu_in_place(const Stream& stream, float* x, int size);

}  // namespace CNN_GPU
}  // namespace cnn
