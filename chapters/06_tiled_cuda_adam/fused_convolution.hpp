// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region fused-convolution
/// Whether the functions below can do this block: ReLU, pooling of 2x2 pixels,
/// both, or neither.
bool can_fuse(const ConvolutionBlock& block);
/// Floats of workspace that a pass needs.
std::int64_t fused_workspace(const ConvolutionBlock& block,
                             ConvolutionPass pass, const ConvolutionPlan& plan);
// endregion

// region fused-convolution-functions
/// output = pool(relu(conv(input, filter) + bias)). `winners` may be null when
/// there is no way back; else it notes who won each window.
/// @param workspace fused_workspace() floats, as for convolution_forward()
void fused_forward(const ConvolutionBlock& block, const ConvolutionPlan& plan,
                   const float* input, const float* filter, const float* bias,
                   float* output, std::uint8_t* winners, float* workspace,
                   const Stream& stream);
/// The gradient of the input, from that of the output.
void fused_backward_input(const ConvolutionBlock& block,
                          const ConvolutionPlan& plan,
                          const float* output_gradient,
                          const std::uint8_t* winners, const float* filter,
                          float* input_gradient, float* workspace,
                          const Stream& stream);
/// The gradients of filters and bias, likewise.
void fused_backward_filter(const ConvolutionBlock& block,
                           const ConvolutionPlan& plan, const float* input,
                           const float* output_gradient,
                           const std::uint8_t* winners, float* filter_gradient,
                           float* bias_gradient, float* workspace,
                           const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
