#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// sums[r] is the sum of row r of x: rows of `columns` numbers, a warp for
/// each.
void sum_rows(const Stream& stream, const float* x, float* sums, int rows,
              int columns);

}  // namespace CNN_GPU
}  // namespace cnn
