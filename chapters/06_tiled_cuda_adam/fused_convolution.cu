// region quiet: includes
#include "chapters/06_tiled_cuda_adam/fused_convolution.hpp"

#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "chapters/05_naive_cuda/plain_block.hpp"
#include "chapters/06_tiled_cuda_adam/cells.cuh"
#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/06_tiled_cuda_adam/first_layer.hpp"
#include "chapters/06_tiled_cuda_adam/window.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region rectify
namespace {

/// ReLU alone: a mark for each number. May be done in place.
__global__ void rectify_numbers(int count, const float* sums, float* output,
                                std::uint8_t* winners) {
  const int i = this_output();
  if (i >= count) return;
  Winner winner;
  winner.meet(sums[i], 0);
  winner.rectify();
  output[i] = winner.value;
  winners[i] = winner.number;
}

/// A thread for each window: it reads four sums, and writes one.
template <bool kPairs>
__global__ void rectify_windows(int count, Cells cells, bool relu,
                                const float* __restrict__ sums,
                                float* __restrict__ output,
                                std::uint8_t* __restrict__ winners) {
  const int i = this_output();
  if (i >= count) return;
  const Cell cell(cells, i);
  if (!cell.is_window()) return;
  float four[4];
  read_window<kPairs>(sums + cell.corner, cells.width, four);
  Winner winner;
  for (int k = 0; k < 4; ++k) winner.meet(four[k], k);
  if (relu) winner.rectify();
  output[cell.window] = winner.value;
  if (winners != nullptr) winners[cell.window] = winner.number;
}

void rectify(const ConvolutionBlock& block, const float* sums, float* output,
             std::uint8_t* winners, const Stream& stream) {
  const Shape shape = block.geometry.output_shape();
  if (block.pool == 1) {
    return launch_for_each(shape.size(), stream, rectify_numbers, sums, output,
                           winners);
  }
  launch_for_each(
      count_cells(shape), stream,
      in_pairs(shape, sums) ? rectify_windows<true> : rectify_windows<false>,
      cells_of(shape), block.relu, sums, output, winners);
}
// endregion

// region spread
/// The way back: what has won has the gradient, everything else has none.
__global__ void spread_numbers(int count,
                               const float* __restrict__ output_gradient,
                               const std::uint8_t* __restrict__ winners,
                               float* __restrict__ gradient) {
  const int i = this_output();
  if (i >= count) return;
  gradient[i] = winners[i] == kNobody ? 0 : output_gradient[i];
}

/// A thread for each cell, as some are no window's: nobody wins there.
template <bool kPairs>
__global__ void spread_windows(int count, Cells cells,
                               const float* __restrict__ output_gradient,
                               const std::uint8_t* __restrict__ winners,
                               float* __restrict__ gradient) {
  const int i = this_output();
  if (i >= count) return;
  const Cell cell(cells, i);
  float* to = gradient + cell.corner;
  if (!cell.is_window()) return cell.write_zeros(cells.width, to);
  const int winner = winners[cell.window];
  const float of_window = output_gradient[cell.window];
  float four[4];
  for (int k = 0; k < 4; ++k) four[k] = k == winner ? of_window : 0;
  write_window<kPairs>(four, cells.width, to);
}

void spread(const ConvolutionBlock& block, const float* output_gradient,
            const std::uint8_t* winners, float* gradient,
            const Stream& stream) {
  const Shape shape = block.geometry.output_shape();
  if (block.pool == 1) {
    return launch_for_each(shape.size(), stream, spread_numbers,
                           output_gradient, winners, gradient);
  }
  launch_for_each(
      count_cells(shape), stream,
      in_pairs(shape, gradient) ? spread_windows<true> : spread_windows<false>,
      cells_of(shape), output_gradient, winners, gradient);
}
// endregion

// region fused-workspace
/// Numbers before ReLU and pooling, or their gradients, lie at the beginning of
/// the workspace, and end where fours of the next array may begin.
std::int64_t sums_size(const ConvolutionBlock& block) {
  return (block.geometry.output_shape().size() + 3) / 4 * 4;
}

/// Whether they have to. The kernels of the first layer keep them to themselves
/// in all passes that a network has; without pooling, the output has room.
bool keeps_sums(const ConvolutionBlock& block, ConvolutionPass pass,
                const ConvolutionPlan& plan) {
  if (is_plain(block)) return false;
  if (pass == ConvolutionPass::kInputGradient) return true;
  if (plan.method == ConvolutionAlgorithm::kFirstLayer) return false;
  return pass == ConvolutionPass::kFilterGradient || block.pool > 1;
}

}  // namespace

bool can_fuse(const ConvolutionBlock& block) {
  const Shape shape = block.geometry.output_shape();
  return block.pool == 1 ||
         (block.pool == 2 && shape.height >= 2 && shape.width >= 2);
}

std::int64_t fused_workspace(const ConvolutionBlock& block,
                             ConvolutionPass pass,
                             const ConvolutionPlan& plan) {
  return workspace_size(block.geometry, pass, plan) +
         (keeps_sums(block, pass, plan) ? sums_size(block) : 0);
}
// endregion

// region fused-forward
void fused_forward(const ConvolutionBlock& block, const ConvolutionPlan& plan,
                   const float* input, const float* filter, const float* bias,
                   float* output, std::uint8_t* winners, float* workspace,
                   const Stream& stream) {
  if (is_plain(block)) winners = nullptr;
  if (plan.method == ConvolutionAlgorithm::kFirstLayer) {
    return first_layer_forward(first_layer(block), input, filter, bias, output,
                               winners, stream);
  }
  // ReLU costs the convolution nothing, but it cannot note whom it stopped.
  const bool finished = block.pool == 1 && winners == nullptr;
  float* sums = output;
  if (block.pool > 1) {
    sums = workspace;
    workspace += sums_size(block);
  }
  convolution_forward(block.geometry, plan, input, filter, bias,
                      finished && block.relu, sums, workspace, stream);
  if (!finished) rectify(block, sums, output, winners, stream);
}
// endregion

// region fused-backward
void fused_backward_input(const ConvolutionBlock& block,
                          const ConvolutionPlan& plan,
                          const float* output_gradient,
                          const std::uint8_t* winners, const float* filter,
                          float* input_gradient, float* workspace,
                          const Stream& stream) {
  if (!is_plain(block)) {
    spread(block, output_gradient, winners, workspace, stream);
    output_gradient = workspace;
    workspace += sums_size(block);
  }
  convolution_backward_input(block.geometry, plan, output_gradient, filter,
                             input_gradient, workspace, stream);
}

void fused_backward_filter(const ConvolutionBlock& block,
                           const ConvolutionPlan& plan, const float* input,
                           const float* output_gradient,
                           const std::uint8_t* winners, float* filter_gradient,
                           float* bias_gradient, float* workspace,
                           const Stream& stream) {
  if (is_plain(block)) winners = nullptr;
  if (plan.method == ConvolutionAlgorithm::kFirstLayer) {
    return first_layer_backward_filter(
        first_layer(block), input, output_gradient, winners, filter_gradient,
        bias_gradient, workspace, stream);
  }
  if (!is_plain(block)) {
    spread(block, output_gradient, winners, workspace, stream);
    output_gradient = workspace;
    workspace += sums_size(block);
  }
  convolution_backward_filter(block.geometry, plan, input, output_gradient,
                              filter_gradient, bias_gradient, workspace,
                              stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
