#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// y = x + bias, for `rows` rows of `columns` numbers, one after the other, and
/// a bias for each column. All three arrays begin at multiples of 16 bytes.
void add_bias(const Stream& stream, const float* x, const float* bias, float* y,
              int rows, int columns);

}  // namespace CNN_GPU
}  // namespace cnn
