// region quiet: includes
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/03_blocked_gemm/channels_last.hpp"
#include "chapters/03_blocked_gemm/gemm.hpp"
#include "chapters/04_cpu_cnn/backend.hpp"
#include "chapters/04_cpu_cnn/batch_norm_passes.hpp"
#include "chapters/04_cpu_cnn/cpu_convolution.hpp"
#include "chapters/04_cpu_cnn/memory.hpp"

namespace cnn {
// endregion

// region activation-layout
/// How activations lie: channels last, as chapter 3 has them, but features
/// (channels of one pixel) without gaps, as matrix products want them.
ChannelsLast activation_layout(const Shape& shape);
// endregion

// region no-winner
/// Notes that nobody won a pooling window: ReLU stopped the maximum.
inline constexpr std::uint8_t kNoWinner = 255;
// endregion

// region cpu-backend-class
/// The operations of a network on CPU cores. Every operation cuts its work into
/// pieces that depend on the sizes alone, and adds partial results in the order
/// of the pieces: that is why the number of threads never shows in a result.
class CpuBackend : public Backend {
 public:
  /// Throws InputError when `threads` is not at least 1.
  CpuBackend(int threads, ConvolutionMethod method);
  ~CpuBackend() override;

  std::string description() const override;
  // endregion

  // region cpu-backend-operations
  Array allocate(std::int64_t count) override;
  ByteArray allocate_bytes(std::int64_t count) override;
  void upload(std::span<const float> from, Array to) override;
  void download(ConstArray from, std::span<float> to) override;
  void upload_bytes(std::span<const std::uint8_t> from, ByteArray to) override;
  void download_bytes(ConstByteArray from, std::span<std::uint8_t> to) override;
  void clear(Array array, std::int64_t count) override;
  void synchronise() override {}
  std::int64_t allocated_bytes() const override;

  std::int64_t activation_size(const Shape& shape) const override;
  void upload_activation(const Shape& shape, std::span<const float> nchw,
                         Array to) override;
  void download_activation(const Shape& shape, ConstArray from,
                           std::span<float> nchw) override;
  void gather(const Shape& shape, ConstByteArray pixels, ConstByteArray labels,
              std::span<const std::int64_t> indices,
              std::span<const float> scale, std::span<const float> offset,
              Array activation, ByteArray batch_labels) override;
  void flatten_forward(const Shape& shape, ConstArray input,
                       Array features) override;
  void flatten_backward(const Shape& shape, ConstArray feature_gradient,
                        Array input_gradient) override;

  bool fuses(const ConvolutionBlock& block) const override;
  void reserve_convolution(const ConvolutionBlock& block) override;
  std::int64_t winners_size(const ConvolutionBlock& block) const override;
  void convolution_forward(const ConvolutionBlock& block, ConstArray input,
                           ConstArray filter, ConstArray bias, Array output,
                           ByteArray winners) override;
  void convolution_backward_input(const ConvolutionBlock& block,
                                  ConstArray output_gradient,
                                  ConstByteArray winners, ConstArray filter,
                                  Array input_gradient) override;
  void convolution_backward_filter(const ConvolutionBlock& block,
                                   ConstArray input, ConstArray output_gradient,
                                   ConstByteArray winners,
                                   Array filter_gradient,
                                   Array bias_gradient) override;

  void relu_forward(const Shape& shape, ConstArray input,
                    Array output) override;
  void relu_backward(const Shape& shape, ConstArray output,
                     ConstArray output_gradient, Array input_gradient) override;
  void max_pool_forward(const PoolGeometry& pool, ConstArray input,
                        Array output) override;
  void max_pool_backward(const PoolGeometry& pool, ConstArray input,
                         ConstArray output, ConstArray output_gradient,
                         Array input_gradient) override;
  void average_pool_forward(const PoolGeometry& pool, ConstArray input,
                            Array output) override;
  void average_pool_backward(const PoolGeometry& pool,
                             ConstArray output_gradient,
                             Array input_gradient) override;
  void dropout_forward(const Shape& shape, const DropoutNumbers& numbers,
                       ConstArray input, Array output) override;
  void dropout_backward(const Shape& shape, const DropoutNumbers& numbers,
                        ConstArray output_gradient,
                        Array input_gradient) override;

  void reserve_dense(const DenseGeometry& dense) override;
  void dense_forward(const DenseGeometry& dense, ConstArray input,
                     ConstArray weight, ConstArray bias, Array output,
                     bool relu) override;
  void dense_backward_input(const DenseGeometry& dense,
                            ConstArray output_gradient, ConstArray weight,
                            Array input_gradient) override;
  void dense_backward_weight(const DenseGeometry& dense, ConstArray input,
                             ConstArray output_gradient, Array weight_gradient,
                             Array bias_gradient) override;

  bool fuses(const BatchNormBlock& block) const override;
  void reserve_batch_norm(const BatchNormBlock& block) override;
  std::int64_t winners_size(const BatchNormBlock& block) const override;
  void batch_norm_forward(const BatchNormBlock& block,
                          const BatchNormArrays& arrays, float momentum,
                          float epsilon, ConstArray input, Array output,
                          ByteArray winners) override;
  void batch_norm_inference(const BatchNormBlock& block,
                            const BatchNormArrays& arrays, float epsilon,
                            ConstArray input, Array output) override;
  void batch_norm_backward(const BatchNormBlock& block,
                           const BatchNormArrays& arrays, ConstArray input,
                           ConstArray output_gradient, ConstByteArray winners,
                           Array input_gradient, Array scale_gradient,
                           Array shift_gradient) override;

  void softmax_cross_entropy(std::int64_t batch, std::int64_t classes,
                             ConstArray logits, ConstByteArray labels,
                             Array logit_gradient, Array totals) override;
  void sgd_step(std::int64_t count, const SgdNumbers& numbers,
                ConstArray gradients, Array velocities,
                Array parameters) override;
  // endregion

  // region cpu-backend-members
 private:
  /// A convolution that was reserved, and how it is done.
  struct Reserved {
    ConvolutionBlock block;
    std::unique_ptr<CpuConvolution> convolution;
  };

  /// Threads worth waking for an operation that touches so many floats.
  int threads_for(std::int64_t floats) const;
  /// Makes room for partial sums of so many channels.
  void reserve_sums(std::int64_t channels);
  void set_constants(const ChannelsLast& layout, const BatchNormArrays& arrays,
                     ConstArray mean, ConstArray inverse_deviation);
  CpuConvolution* find(const ConvolutionBlock& block) const;
  CpuConvolution& reserved(const ConvolutionBlock& block) const;

  int threads_;
  ConvolutionMethod method_;
  std::vector<Memory> memory_;
  std::int64_t allocated_bytes_ = 0;
  std::vector<Reserved> convolutions_;
  std::unique_ptr<GemmScratch> products_;
  std::vector<double> sums_;    ///< two for each channel and piece of work
  ChannelConstants constants_;  ///< of the batch normalisation at work
};
// endregion

// region make-cpu-backend
/// As make_cpu_backend(threads), with the convolution of an earlier chapter.
std::unique_ptr<Backend> make_cpu_backend(int threads,
                                          ConvolutionMethod method);

}  // namespace cnn
// endregion
