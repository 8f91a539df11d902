#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// negative = 1 - picture, for a picture of height x width, row by row.
void make_negative(const Stream& stream, const float* picture, float* negative,
                   int height, int width);

}  // namespace CNN_GPU
}  // namespace cnn
