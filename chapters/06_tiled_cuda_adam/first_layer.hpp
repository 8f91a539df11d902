// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/06_tiled_cuda_adam/fast_divisor.hpp"
#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region first-layer
/// A convolution with one input channel and 3 x 3 taps: nine products for each
/// output. A tiled product would spend its time on filling tiles; here the
/// memory decides, and every large array is read or written once.
struct FirstLayer {
  int batch;
  int outputs;  ///< output channels
  int input_height;
  int input_width;
  int height;  ///< of the output
  int width;   ///< of the output
  int stride;
  int padding;
  bool relu;
};

/// The sizes of one.
FirstLayer first_layer(const ConvolutionGeometry& geometry);
// endregion

// region first-layer-declarations
/// output = conv(input, filter) + bias, then ReLU if asked for; `bias` may be
/// null.
void first_layer_forward(const FirstLayer& layer, const float* input,
                         const float* filter, const float* bias, float* output,
                         const Stream& stream);
/// For a stride of 1.
void first_layer_backward_input(const FirstLayer& layer,
                                const float* output_gradient,
                                const float* filter, float* input_gradient,
                                const Stream& stream);
/// Floats of workspace for the gradients of filter and bias.
std::int64_t first_layer_workspace(const FirstLayer& layer);
/// These gradients. That of the bias may be null: nobody asks for it.
void first_layer_backward_filter(const FirstLayer& layer, const float* input,
                                 const float* output_gradient,
                                 float* filter_gradient, float* bias_gradient,
                                 float* workspace, const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
