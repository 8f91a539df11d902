// region quiet: includes
#pragma once

#include <array>
#include <optional>
#include <string>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
// endregion

// region peer-shapes
/// Convolutions of the reports' networks, and larger ones as they are met in
/// networks for photographs: batch, input channels, size, output channels.
inline constexpr std::array kPeerConvolutions{
    ConvolutionGeometry{64, 1, 28, 28, 32, 3, 3, 1, 0},
    ConvolutionGeometry{64, 32, 13, 13, 64, 3, 3, 1, 0},
    ConvolutionGeometry{1024, 32, 13, 13, 64, 3, 3, 1, 0},
    ConvolutionGeometry{512, 40, 14, 14, 60, 3, 3, 1, 1},
    ConvolutionGeometry{128, 64, 56, 56, 64, 3, 3, 1, 1},
    ConvolutionGeometry{128, 128, 28, 28, 128, 3, 3, 1, 1},
    ConvolutionGeometry{128, 256, 14, 14, 256, 3, 3, 1, 1}};

inline constexpr std::array kConvolutionPasses{
    ConvolutionPass::kForward, ConvolutionPass::kInputGradient,
    ConvolutionPass::kFilterGradient};

/// How a convolution is timed, ours and cuDNN's: there are many of them.
TimingPlan convolution_timing();

/// The same pass by cuDNN, float32 NCHW; nothing and a sentence without it.
std::optional<GpuYardstick> cudnn_convolution(const RandomProblem& problem,
                                              ConvolutionPass pass,
                                              std::string& why_not);

}  // namespace cnn
// endregion
