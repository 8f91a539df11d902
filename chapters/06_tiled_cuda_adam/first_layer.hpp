// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/04_cpu_cnn/backend.hpp"
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
  int height;  ///< of the convolution
  int width;   ///< of the convolution
  int stride;
  int padding;
  bool relu;
  int pool;            ///< 1: no pooling, or windows of 2x2
  int windows_down;    ///< of the output: without pooling, as `height`
  int windows_across;  ///< likewise
};

/// The sizes of one, which may have ReLU and pooling of 2x2 behind it.
FirstLayer first_layer(const ConvolutionBlock& block);
// endregion

// region first-layer-declarations
/// output = pool(relu(conv(input, filter) + bias)), what of it is asked for;
/// `bias` may be null. `winners` may be null; else it notes who won.
void first_layer_forward(const FirstLayer& layer, const float* input,
                         const float* filter, const float* bias, float* output,
                         std::uint8_t* winners, const Stream& stream);
/// For a stride of 1, without ReLU and pooling.
void first_layer_backward_input(const FirstLayer& layer,
                                const float* output_gradient,
                                const float* filter, float* input_gradient,
                                const Stream& stream);
/// Floats of workspace for the gradients of filter and bias.
std::int64_t first_layer_workspace(const FirstLayer& layer);
/// These gradients. That of the bias may be null: nobody asks for it. With ReLU
/// or pooling, `winners` is what forward noted; else null.
void first_layer_backward_filter(const FirstLayer& layer, const float* input,
                                 const float* output_gradient,
                                 const std::uint8_t* winners,
                                 float* filter_gradient, float* bias_gradient,
                                 float* workspace, const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
