// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/03_blocked_gemm/channels_last.hpp"
#include "chapters/03_blocked_gemm/isa.hpp"

namespace cnn {
// endregion

// region direct-options
/// What a direct convolution does with its sums while they are in registers.
struct DirectOptions {
  bool relu = false;      ///< negative sums become 0
  std::int64_t pool = 1;  ///< maximum over pool x pool windows that do not
                          ///< overlap (rows and columns left over are dropped);
                          ///< 1: no pooling
  int threads = 1;
  Isa isa = best_isa();
};
// endregion

// region direct-declaration
/// A convolution of one geometry, without columns and without packed images:
/// channels last, output pixels and output channels blocked in registers, then
/// bias, ReLU and pooling before anything is written.
///
/// Scratch (packed filters, images with their padding, partial gradients) is
/// allocated by the constructor and by nobody else: at most 4 MB a thread for
/// the course's shapes. Results are the same, bit for bit, for every number of
/// threads. Filters and their gradients are OIHW.
class DirectConvolution {
 public:
  /// Who won a pooling window: row * pool + column inside the window, or this
  /// when the maximum was not above 0 and ReLU stopped it. Of equals, the
  /// first.
  static constexpr std::uint8_t kNobody = 255;

  /// Throws InputError when there is no such convolution, or when nothing is
  /// left after pooling; pool must be in 1..15.
  DirectConvolution(const ConvolutionGeometry& geometry,
                    const DirectOptions& options);
  ~DirectConvolution();
  DirectConvolution(DirectConvolution&&) noexcept;
  DirectConvolution& operator=(DirectConvolution&&) noexcept;

  const ConvolutionGeometry& geometry() const;
  ChannelsLast input_layout() const;   ///< channels_last(input shape)
  ChannelsLast output_layout() const;  ///< likewise, after pooling
  /// True when backward needs the winners: with relu, or with pool above 1.
  bool has_winners() const;
  std::int64_t scratch_bytes() const;

  /// output = pool(relu(input * filter + bias)).
  /// @param bias one for each output channel, or empty
  /// @param winners as many as output_layout().size(), or empty (inference)
  void forward(std::span<const float> input, std::span<const float> filter,
               std::span<const float> bias, std::span<float> output,
               std::span<std::uint8_t> winners);

  /// The gradient of the input, from that of the (pooled) output; overwritten.
  void backward_input(std::span<const float> output_gradient,
                      std::span<const std::uint8_t> winners,
                      std::span<const float> filter,
                      std::span<float> input_gradient);

  /// The gradients of the filter and of the bias; overwritten. `bias_gradient`
  /// may be empty. Under a pool only winners contribute, so only they are read.
  void backward_filter(std::span<const float> input,
                       std::span<const float> output_gradient,
                       std::span<const std::uint8_t> winners,
                       std::span<float> filter_gradient,
                       std::span<float> bias_gradient);

  struct Plan;  // what has been decided beforehand: direct_plan.hpp

 private:
  std::unique_ptr<Plan> plan_;
};

}  // namespace cnn
// endregion
