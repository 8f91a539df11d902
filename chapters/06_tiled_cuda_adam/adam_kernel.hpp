// region quiet: includes
#pragma once

#include "chapters/06_tiled_cuda_adam/adam.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region adam-on-device
/// AdamBackend::adam_step() in a stream: one kernel over the whole arena.
/// `count` is a multiple of 4, the arrays are aligned to 16 bytes.
/// Throws std::invalid_argument when they are not.
void adam_on_device(std::int64_t count, const AdamNumbers& numbers,
                    const float* gradients, float* first_moments,
                    float* second_moments, float* parameters,
                    const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
