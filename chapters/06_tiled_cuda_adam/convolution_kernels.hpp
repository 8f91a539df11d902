// region quiet: includes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/06_tiled_cuda_adam/filter_product.hpp"
#include "chapters/06_tiled_cuda_adam/window_product.hpp"
#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region convolution-pass
/// The three convolutions of a layer.
enum class ConvolutionPass { kForward, kInputGradient, kFilterGradient };

/// "forward", "input gradient", "filter gradient".
std::string to_string(ConvolutionPass pass);
// endregion

// region convolution-plan
/// Ways to compute a convolution.
enum class ConvolutionMethod {
  kFirstLayer,  ///< one input channel, 3 x 3: the memory decides
  kTiles,       ///< an implicit matrix product, tile by tile
  kWinograd     ///< 3 x 3, stride 1: a quarter of the multiplications
};

/// A way, and its sizes. Every plan of possible_plans() is right; which one is
/// fastest depends on the shape and on the GPU.
struct ConvolutionPlan {
  ConvolutionMethod method = ConvolutionMethod::kTiles;
  WindowTile window_tile = WindowTile::kAny;  ///< forward, input gradient
  FilterTile filter_tile = FilterTile::kAny;  ///< filter gradient
  int splits = 1;  ///< filter gradient: parts of the sum over the pixels
  int images = 1;  ///< Winograd, not filter gradient: images at a time
};

/// "tiles of 64x128", "Winograd, 16 images at a time".
std::string to_string(const ConvolutionPlan& plan, ConvolutionPass pass);
// endregion

// region convolution-plans
/// The plan we take, for a GPU with this many multiprocessors.
/// Throws InputError when there is no such convolution, or when an array has
/// 2^31 elements or more: the kernels count in 32 bits.
ConvolutionPlan choose_plan(const ConvolutionGeometry& geometry,
                            ConvolutionPass pass, int multiprocessors);
/// How many the current device has.
int multiprocessors();
/// All that can be tried, for a search of the fastest.
std::vector<ConvolutionPlan> possible_plans(const ConvolutionGeometry& geometry,
                                            ConvolutionPass pass,
                                            int multiprocessors);
/// Floats of workspace that the plan needs.
std::int64_t workspace_size(const ConvolutionGeometry& geometry,
                            ConvolutionPass pass, const ConvolutionPlan& plan);
// endregion

// region convolution-functions
/// output = conv(input, filter) + bias, then ReLU if asked for. All arrays are
/// device memory: activations NCHW, filters OIHW, `bias` one for each output
/// channel, or null. Nothing is allocated; the same bits every time.
/// @param workspace workspace_size() floats, aligned to 16 bytes; null when
///                  that is 0
void convolution_forward(const ConvolutionGeometry& geometry,
                         const ConvolutionPlan& plan, const float* input,
                         const float* filter, const float* bias, bool relu,
                         float* output, float* workspace, const Stream& stream);
/// The gradient of the input, which is overwritten.
void convolution_backward_input(const ConvolutionGeometry& geometry,
                                const ConvolutionPlan& plan,
                                const float* output_gradient,
                                const float* filter, float* input_gradient,
                                float* workspace, const Stream& stream);
/// The gradient of the filters, which is overwritten.
void convolution_backward_filter(const ConvolutionGeometry& geometry,
                                 const ConvolutionPlan& plan,
                                 const float* input,
                                 const float* output_gradient,
                                 float* filter_gradient, float* workspace,
                                 const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
