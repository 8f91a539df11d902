#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// results[r] = log(exp(x[r][0]) + exp(x[r][1]) + ...), for rows of `columns`
/// numbers, which is at least 1; a warp for each row. A number may be
/// -infinity, and then adds nothing.
void log_sum_exp(const Stream& stream, const float* x, float* results, int rows,
                 int columns);

}  // namespace CNN_GPU
}  // namespace cnn
