// region quiet: includes
#pragma once

#include <cstdint>

#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"
#include "common/tensor.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region channel-sums-declarations
/// Floats of workspace that channel_sums() needs.
std::int64_t channel_sums_workspace(const Shape& shape, int multiprocessors);

/// The sum of each channel of an NCHW array, over images and pixels: the
/// gradient of a convolution's bias. The same bits every time, on GPUs with as
/// many multiprocessors.
void channel_sums(const Shape& shape, int multiprocessors, const float* values,
                  float* sums, float* workspace, const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
