#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// sums[c] is the sum of column c of x, which has `rows` rows of `columns`
/// numbers.
void sum_columns(const Stream& stream, const float* x, float* sums, int rows,
                 int columns);

}  // namespace CNN_GPU
}  // namespace cnn
