// region quiet: includes
#pragma once

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/06_tiled_cuda_adam/fast_divisor.hpp"
#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region columns
/// What a thread needs to know to find the pixel that its element of the
/// columns is a copy of.
struct Columns {
  int elements;  ///< of all images' columns
  int terms;     ///< rows of an image's columns: channel, ky, kx
  int stride;
  int padding;
  int channels;
  int input_height;
  int input_width;
  FastDivisor by_plane;  ///< pixels of an output image: columns of the columns
  FastDivisor by_width;  ///< of the output
  FastDivisor by_terms;
  FastDivisor by_taps;  ///< kernel height x kernel width
  FastDivisor by_kernel_width;
};

/// Throws InputError when the columns have more elements than a kernel counts.
Columns columns_of(const ConvolutionGeometry& geometry);
/// im2col with one thread for each element, in the order of chapter 2:
/// batch x (channels ky kx) x (oy ox). Both arrays are device memory, `input`
/// NCHW.
void write_columns(const Columns& columns, const float* input, float* to,
                   const Stream& stream);
// endregion

// region multiply-columns
/// The other half of the convolution: output = filter x columns, image by
/// image, by chapter 6's matrix product. `output` is NCHW.
void multiply_columns(const ConvolutionGeometry& geometry, const float* columns,
                      const float* filter, float* output, const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
