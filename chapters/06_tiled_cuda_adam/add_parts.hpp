// region quiet: includes
#pragma once

#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region add-parts-declaration
/// result[i] = parts[0][i] + parts[1][i] + ..., always in the same order, for
/// `size` numbers each.
void add_parts(const float* parts, int count, int size, float* result,
               const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
