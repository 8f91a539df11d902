// region quiet: includes
#pragma once

#include <memory>
#include <string_view>

#include "chapters/04_cpu_cnn/backend.hpp"

namespace cnn {
// endregion

// region convolution-method
/// Which chapter's convolution a CPU backend computes with.
enum class ConvolutionMethod {
  kLoops,         ///< chapter 1: seven loops
  kIm2col,        ///< chapter 2: one matrix product for each image
  kImplicitGemm,  ///< chapter 3: the same, without a column matrix
  kDirect         ///< chapter 3: channels last, blocked in registers, fused
};

/// "seven loops", "im2col", "implicit matrix product", "direct convolution".
std::string_view name_of(ConvolutionMethod method);
// endregion

// region cpu-convolution
/// One block, done in one of those ways; owns the scratch that this takes.
/// Activations lie as activation_layout() says.
class CpuConvolution {
 public:
  virtual ~CpuConvolution() = default;
  /// Memory beside the arrays, allocated by the constructor.
  virtual std::int64_t scratch_bytes() const = 0;
  /// As Backend::convolution_forward().
  virtual void forward(ConstArray input, ConstArray filter, ConstArray bias,
                       Array output, ByteArray winners) = 0;
  /// As Backend::convolution_backward_input().
  virtual void backward_input(ConstArray output_gradient,
                              ConstByteArray winners, ConstArray filter,
                              Array input_gradient) = 0;
  /// As Backend::convolution_backward_filter().
  virtual void backward_filter(ConstArray input, ConstArray output_gradient,
                               ConstByteArray winners, Array filter_gradient,
                               Array bias_gradient) = 0;
};
// endregion

// region convolution-makers
/// Chapter 3's direct convolution; whatever it fuses.
std::unique_ptr<CpuConvolution> make_direct_convolution(
    const ConvolutionBlock& block, int threads);

/// Convolutions of NCHW arrays, converted at their border; no fusing.
std::unique_ptr<CpuConvolution> make_nchw_convolution(
    const ConvolutionGeometry& geometry, ConvolutionMethod method, int threads);

}  // namespace cnn
// endregion
