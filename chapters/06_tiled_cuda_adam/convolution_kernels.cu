// region quiet: includes
#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"

#include "chapters/06_tiled_cuda_adam/add_parts.hpp"
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

std::int64_t parts_size(const ConvolutionGeometry& geometry, int splits) {
  return splits == 1 ? 0 : splits * geometry.filter_shape().size();
}

}  // namespace

std::int64_t workspace_size(const ConvolutionGeometry& geometry,
                            ConvolutionPass pass, const ConvolutionPlan& plan) {
  const bool filter = pass == ConvolutionPass::kFilterGradient;
  switch (plan.method) {
    case ConvolutionAlgorithm::kFirstLayer:
      return filter ? parts_size(geometry,
                                 first_layer_splits(first_layer(geometry)))
                    : 0;
    case ConvolutionAlgorithm::kTiles:
      if (filter) return parts_size(geometry, plan.splits);
      return window_workspace(
          sizes(geometry, pass == ConvolutionPass::kInputGradient),
          plan.window_tile);
    case ConvolutionAlgorithm::kWinograd:
      break;
  }
  const WindowProduct product =
      sizes(geometry, pass == ConvolutionPass::kInputGradient);
  return filter ? winograd_filters_workspace(
                      winograd_filters(product, plan.splits), plan.splits)
                : winograd_workspace(winograd_windows(product, plan.images));
}
// endregion

// region run-forward
void convolution_forward(const ConvolutionGeometry& geometry,
                         const ConvolutionPlan& plan, const float* input,
                         const float* filter, const float* bias, bool relu,
                         float* output, float* workspace,
                         const Stream& stream) {
  if (plan.method == ConvolutionAlgorithm::kFirstLayer) {
    FirstLayer layer = first_layer(geometry);
    layer.relu = relu;
    first_layer_forward(layer, input, filter, bias, output, stream);
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
    first_layer_backward_input(first_layer(geometry), output_gradient, filter,
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
void convolution_backward_filter(const ConvolutionGeometry& geometry,
                                 const ConvolutionPlan& plan,
                                 const float* input,
                                 const float* output_gradient,
                                 float* filter_gradient, float* workspace,
                                 const Stream& stream) {
  if (plan.method == ConvolutionAlgorithm::kWinograd) {
    const WindowProduct product =
        forward_product(geometry, input, nullptr, nullptr, false, nullptr);
    winograd_multiply_filters(product, winograd_filters(product, plan.splits),
                              plan.splits, output_gradient, filter_gradient,
                              workspace, stream);
    return;
  }
  // A single part is the result; more are added up.
  const bool first = plan.method == ConvolutionAlgorithm::kFirstLayer;
  const FirstLayer layer = first_layer(geometry);
  FilterProduct product =
      filter_product(geometry, input, output_gradient, plan.splits);
  const int parts = first ? first_layer_splits(layer) : product.splits;
  float* const result = parts == 1 ? filter_gradient : workspace;
  if (first) {
    first_layer_filter_parts(layer, input, output_gradient, result, stream);
  } else {
    product.result = result;
    multiply_filters(product, plan.filter_tile, stream);
  }
  if (parts == 1) return;
  add_parts(workspace, parts, static_cast<int>(geometry.filter_shape().size()),
            filter_gradient, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
