// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"
#include "common/cuda/runtime.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region convolution-workspace
/// How many multiprocessors the current device has, for choose_plan().
int multiprocessors();
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
/// The gradients of filters and bias, which are overwritten; that of the bias
/// may be null.
void convolution_backward_filter(const ConvolutionGeometry& geometry,
                                 const ConvolutionPlan& plan,
                                 const float* input,
                                 const float* output_gradient,
                                 float* filter_gradient, float* bias_gradient,
                                 float* workspace, const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
