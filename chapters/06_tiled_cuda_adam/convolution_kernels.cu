// region quiet: includes
#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"

#include <algorithm>

#include "chapters/06_tiled_cuda_adam/add_parts.hpp"
#include "chapters/06_tiled_cuda_adam/channel_sums.hpp"
#include "chapters/06_tiled_cuda_adam/filter_product.hpp"
#include "chapters/06_tiled_cuda_adam/first_layer.hpp"
#include "chapters/06_tiled_cuda_adam/window_product.hpp"
#include "chapters/06_tiled_cuda_adam/winograd.hpp"
#include "common/cuda/check.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region multiprocessors
int multiprocessors() {
  int device = 0;
  int count = 0;
  cuda_check(cudaGetDevice(&device), "cudaGetDevice");
  cuda_check(
      cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device),
      "cudaDeviceGetAttribute");
  return count;
}
// endregion

// region workspace-size
namespace {

/// Sizes only.
WindowProduct sizes(const ConvolutionGeometry& geometry, bool backward) {
  return backward ? backward_product(geometry, nullptr, nullptr, nullptr)
                  : forward_product(geometry, nullptr, nullptr, nullptr, false,
                                    nullptr);
}

PartialSums weight_parts(const ConvolutionGeometry& geometry, int count,
                         float* gradient, float* workspace) {
  return {gradient, workspace, count,
          static_cast<int>(geometry.filter_shape().size())};
}

/// Of both gradients, one behind the other.
std::int64_t gradients_size(const ConvolutionGeometry& geometry,
                            const ConvolutionPlan& plan) {
  return weight_parts(geometry, plan.splits, nullptr, nullptr).room() +
         channel_sums_workspace(geometry.output_shape());
}

}  // namespace

std::int64_t workspace_size(const ConvolutionGeometry& geometry,
                            ConvolutionPass pass, const ConvolutionPlan& plan) {
  const bool filter = pass == ConvolutionPass::kFilterGradient;
  switch (plan.method) {
    case ConvolutionAlgorithm::kFirstLayer:
      return filter ? first_layer_workspace(first_layer({geometry})) : 0;
    case ConvolutionAlgorithm::kTiles:
      if (filter) return gradients_size(geometry, plan);
      return window_workspace(
          sizes(geometry, pass == ConvolutionPass::kInputGradient),
          plan.window_tile);
    case ConvolutionAlgorithm::kWinograd:
      break;
  }
  const WindowProduct product =
      sizes(geometry, pass == ConvolutionPass::kInputGradient);
  if (!filter)
    return winograd_workspace(winograd_windows(product, plan.images));
  // The bias comes when the filters are done.
  return std::max(winograd_filters_workspace(
                      winograd_filters(product, plan.splits), plan.splits),
                  channel_sums_workspace(geometry.output_shape()));
}
// endregion

// region run-forward
void convolution_forward(const ConvolutionGeometry& geometry,
                         const ConvolutionPlan& plan, const float* input,
                         const float* filter, const float* bias, bool relu,
                         float* output, float* workspace,
                         const Stream& stream) {
  if (plan.method == ConvolutionAlgorithm::kFirstLayer) {
    first_layer_forward(first_layer({geometry, relu}), input, filter, bias,
                        output, nullptr, stream);
    return;
  }
  const WindowProduct product =
      forward_product(geometry, input, filter, bias, relu, output);
  if (plan.method == ConvolutionAlgorithm::kWinograd) {
    winograd_multiply_windows(product, false,
                              winograd_windows(product, plan.images), workspace,
                              stream);
  } else {
    multiply_windows(product, false, plan.window_tile, workspace, stream);
  }
}
// endregion

// region run-backward-input
void convolution_backward_input(const ConvolutionGeometry& geometry,
                                const ConvolutionPlan& plan,
                                const float* output_gradient,
                                const float* filter, float* input_gradient,
                                float* workspace, const Stream& stream) {
  if (plan.method == ConvolutionAlgorithm::kFirstLayer) {
    first_layer_backward_input(first_layer({geometry}), output_gradient, filter,
                               input_gradient, stream);
    return;
  }
  const WindowProduct product =
      backward_product(geometry, output_gradient, filter, input_gradient);
  if (plan.method == ConvolutionAlgorithm::kWinograd) {
    winograd_multiply_windows(product, true,
                              winograd_windows(product, plan.images), workspace,
                              stream);
  } else {
    multiply_windows(product, true, plan.window_tile, workspace, stream);
  }
}
// endregion

// region run-backward-filter
namespace {

/// Sums of the bias's gradient, which nobody may have asked for.
PartialSums sum_bias(const ConvolutionGeometry& geometry,
                     const float* output_gradient, float* bias_gradient,
                     float* workspace, const Stream& stream) {
  if (bias_gradient == nullptr) return {};
  const PartialSums biases =
      channel_parts(geometry.output_shape(), bias_gradient, workspace);
  sum_channels(geometry.output_shape(), output_gradient, biases, stream);
  return biases;
}

}  // namespace
// endregion

// region run-backward-filter-by-plan
void convolution_backward_filter(const ConvolutionGeometry& geometry,
                                 const ConvolutionPlan& plan,
                                 const float* input,
                                 const float* output_gradient,
                                 float* filter_gradient, float* bias_gradient,
                                 float* workspace, const Stream& stream) {
  if (plan.method == ConvolutionAlgorithm::kFirstLayer) {
    return first_layer_backward_filter(
        first_layer({geometry}), input, output_gradient, nullptr,
        filter_gradient, bias_gradient, workspace, stream);
  }
  if (plan.method == ConvolutionAlgorithm::kWinograd) {
    const WindowProduct product =
        forward_product(geometry, input, nullptr, nullptr, false, nullptr);
    winograd_multiply_filters(product, winograd_filters(product, plan.splits),
                              plan.splits, output_gradient, filter_gradient,
                              workspace, stream);
    add_parts(
        sum_bias(geometry, output_gradient, bias_gradient, workspace, stream),
        stream);
    return;
  }
  FilterProduct product =
      filter_product(geometry, input, output_gradient, plan.splits);
  const PartialSums weights =
      weight_parts(geometry, product.splits, filter_gradient, workspace);
  product.result = weights.target();
  multiply_filters(product, plan.filter_tile, stream);
  const PartialSums biases = sum_bias(geometry, output_gradient, bias_gradient,
                                      workspace + weights.room(), stream);
  add_parts(weights, biases, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
