// region quiet: includes
#include <array>
#include <stdexcept>

#include "chapters/05_naive_cuda/plain_block.hpp"
#include "chapters/06_tiled_cuda_adam/fused_convolution.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-convolution-reserved
namespace {

std::array<std::int64_t, 11> key(const ConvolutionBlock& block) {
  const ConvolutionGeometry& g = block.geometry;
  return {g.batch,           g.input_channels, g.input_height, g.input_width,
          g.output_channels, g.kernel_height,  g.kernel_width, g.stride,
          g.padding,         block.relu,       block.pool};
}

}  // namespace

const TiledBackend::ReservedConvolution* TiledBackend::find(
    const ConvolutionBlock& block) const {
  for (const ReservedConvolution& each : convolutions_) {
    if (key(each.block) == key(block)) return &each;
  }
  return nullptr;
}

const TiledBackend::ReservedConvolution& TiledBackend::reserved(
    const ConvolutionBlock& block) const {
  if (const ReservedConvolution* found = find(block)) return *found;
  throw std::logic_error("a convolution was not reserved: " +
                         to_string(block.geometry));
}
// endregion

// region tiled-convolution-reserve
bool TiledBackend::fuses(const ConvolutionBlock& block) const {
  return can_fuse(block);
}

std::int64_t TiledBackend::winners_size(const ConvolutionBlock& block) const {
  return is_plain(block) ? 0 : block.output().size();
}

void TiledBackend::reserve_convolution(const ConvolutionBlock& block) {
  const ConvolutionGeometry& g = block.geometry;
  NaiveBackend::reserve_convolution({g});  // refuses what there is not
  if (!fuses(block)) {
    throw std::logic_error("this backend does not fuse that: fuses() says so");
  }
  if (find(block) != nullptr) return;
  const auto plan = [&](ConvolutionPass pass) {
    const ConvolutionPlan chosen = choose_plan(g, pass, multiprocessors_);
    reserve_workspace(fused_workspace(block, pass, chosen));
    return chosen;
  };
  const ReservedConvolution planned{block, plan(ConvolutionPass::kForward),
                                    plan(ConvolutionPass::kInputGradient),
                                    plan(ConvolutionPass::kFilterGradient)};
  convolutions_.push_back(planned);
}
// endregion

// region tiled-convolution-operations
void TiledBackend::convolution_forward(const ConvolutionBlock& block,
                                       ConstArray input, ConstArray filter,
                                       ConstArray bias, Array output,
                                       ByteArray winners) {
  fused_forward(block, reserved(block).forward, input, filter, bias, output,
                winners, workspace(), stream());
}

void TiledBackend::convolution_backward_input(const ConvolutionBlock& block,
                                              ConstArray output_gradient,
                                              ConstByteArray winners,
                                              ConstArray filter,
                                              Array input_gradient) {
  fused_backward_input(block, reserved(block).input_gradient, output_gradient,
                       winners, filter, input_gradient, workspace(), stream());
}

void TiledBackend::convolution_backward_filter(
    const ConvolutionBlock& block, ConstArray input, ConstArray output_gradient,
    ConstByteArray winners, Array filter_gradient, Array bias_gradient) {
  fused_backward_filter(block, reserved(block).filter_gradient, input,
                        output_gradient, winners, filter_gradient,
                        bias_gradient, workspace(), stream());
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
