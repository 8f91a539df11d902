// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/06_tiled_cuda_adam/add_parts.hpp"
#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"
#include "common/tensor.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region channel-sums-declarations
/// The sums of the channels of an NCHW array, in as many parts as it takes;
/// how many follows from the shape alone.
/// @param workspace channel_sums_workspace() floats
PartialSums channel_parts(const Shape& shape, float* sums, float* workspace);
/// How many floats all parts have; 0 for a single one.
std::int64_t channel_sums_workspace(const Shape& shape);

/// Computes the parts: sums over images and pixels, for the gradient of a bias.
/// They are then for add_parts(). The same bits every time.
void sum_channels(const Shape& shape, const float* values,
                  const PartialSums& sums, const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
