// region quiet: includes
#include <array>
#include <stdexcept>

#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-convolution-reserved
namespace {

std::array<std::int64_t, 9> key(const ConvolutionGeometry& g) {
  return {g.batch,        g.input_channels,  g.input_height,
          g.input_width,  g.output_channels, g.kernel_height,
          g.kernel_width, g.stride,          g.padding};
}

}  // namespace

const TiledBackend::ReservedConvolution* TiledBackend::find(
    const ConvolutionGeometry& geometry) const {
  for (const ReservedConvolution& each : convolutions_) {
    if (key(each.geometry) == key(geometry)) return &each;
  }
  return nullptr;
}

const TiledBackend::ReservedConvolution& TiledBackend::reserved(
    const ConvolutionBlock& block) const {
  const ReservedConvolution* found = find(block.geometry);
  if (found != nullptr && !block.relu && block.pool == 1) return *found;
  throw std::logic_error("a convolution was not reserved: " +
                         to_string(block.geometry));
}
// endregion

// region tiled-convolution-reserve
void TiledBackend::reserve_convolution(const ConvolutionBlock& block) {
  NaiveBackend::reserve_convolution(block);  // refuses what there is not
  const ConvolutionGeometry& g = block.geometry;
  if (find(g) != nullptr) return;
  const auto plan = [&](ConvolutionPass pass) {
    const ConvolutionPlan chosen = choose_plan(g, pass, multiprocessors_);
    reserve_workspace(workspace_size(g, pass, chosen));
    return chosen;
  };
  const ReservedConvolution planned{g, plan(ConvolutionPass::kForward),
                                    plan(ConvolutionPass::kInputGradient),
                                    plan(ConvolutionPass::kFilterGradient)};
  convolutions_.push_back(planned);
}
// endregion

// region tiled-convolution-operations
void TiledBackend::convolution_forward(const ConvolutionBlock& block,
                                       ConstArray input, ConstArray filter,
                                       ConstArray bias, Array output,
                                       ByteArray /*winners*/) {
  cnn::convolution_forward(block.geometry, reserved(block).forward, input,
                           filter, bias, false, output, workspace(), stream());
}

void TiledBackend::convolution_backward_input(const ConvolutionBlock& block,
                                              ConstArray output_gradient,
                                              ConstByteArray /*winners*/,
                                              ConstArray filter,
                                              Array input_gradient) {
  cnn::convolution_backward_input(
      block.geometry, reserved(block).input_gradient, output_gradient, filter,
      input_gradient, workspace(), stream());
}

void TiledBackend::convolution_backward_filter(
    const ConvolutionBlock& block, ConstArray input, ConstArray output_gradient,
    ConstByteArray /*winners*/, Array filter_gradient, Array bias_gradient) {
  cnn::convolution_backward_filter(
      block.geometry, reserved(block).filter_gradient, input, output_gradient,
      filter_gradient, bias_gradient, workspace(), stream());
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
