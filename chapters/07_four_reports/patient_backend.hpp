// region quiet: includes
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "chapters/06_tiled_cuda_adam/adam.hpp"

namespace cnn {
// endregion

// region habits
/// Slow ways to use a fast backend. None of them changes a number that is
/// computed.
struct Habits {
  bool waits = false;       ///< for the backend, after every operation
  bool reads_loss = false;  ///< copies the loss home after every batch
  /// Puts a batch together on the host, as floats in ordinary memory, and
  /// copies it over, instead of choosing from pictures that are there.
  bool sends_pictures = false;
  /// At every operation so many bytes are asked for and given back: what a
  /// program does that has no plan for its memory.
  std::int64_t borrows = 0;
};

/// Takes so many bytes of the device's memory and gives them back.
using BorrowMemory = std::function<void(std::int64_t bytes)>;
// endregion

// region traffic
/// What has gone through a backend.
struct Traffic {
  std::int64_t operations = 0;
  std::int64_t waits = 0;   ///< for the backend, not counting copies
  std::int64_t copies = 0;  ///< between host and device
  std::int64_t copied_bytes = 0;
  std::int64_t borrowed_bytes = 0;
};
// endregion

// region patient-backend
/// Another backend with habits: hands every operation on, and counts.
class PatientBackend : public Backend, public AdamBackend {
 public:
  /// Both have to outlive it. @param borrow may be empty without that habit;
  /// throws std::invalid_argument otherwise.
  PatientBackend(Backend& inner, AdamBackend& adam, const Habits& habits,
                 BorrowMemory borrow = {});

  const Traffic& traffic() const { return traffic_; }
  /// Counts from 0 again.
  void forget_traffic() { traffic_ = {}; }

 private:
  /// What all operations have in common.
  template <class Operation>
  void operate(const Operation& operation) {
    if (habits_.borrows > 0) {
      borrow_(habits_.borrows);
      traffic_.borrowed_bytes += habits_.borrows;
    }
    operation();
    ++traffic_.operations;
    if (habits_.waits) synchronise();
  }
  void count_copy(std::size_t bytes) {
    ++traffic_.copies;
    traffic_.copied_bytes += static_cast<std::int64_t>(bytes);
  }

  Backend* inner_;
  AdamBackend* adam_;
  Habits habits_;
  BorrowMemory borrow_;
  Traffic traffic_;
  /// What was uploaded as bytes, kept on the host by its address there.
  std::map<ConstByteArray, std::vector<std::uint8_t>> kept_;
  std::vector<float> batch_;  ///< of pictures, to be sent
  std::vector<std::uint8_t> batch_labels_;
  // endregion

  // region patient-memory
 public:
  std::string description() const override;
  Array allocate(std::int64_t count) override;
  ByteArray allocate_bytes(std::int64_t count) override;
  void upload(std::span<const float> from, Array to) override;
  void download(ConstArray from, std::span<float> to) override;
  void upload_bytes(std::span<const std::uint8_t> from, ByteArray to) override;
  void download_bytes(ConstByteArray from, std::span<std::uint8_t> to) override;
  void clear(Array array, std::int64_t count) override;
  void synchronise() override;
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
  // endregion

  // region patient-layers
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
  // endregion

  // region patient-rest
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
  void adam_step(std::int64_t count, const AdamNumbers& numbers,
                 ConstArray gradients, Array first_moments,
                 Array second_moments, Array parameters) override;
};

}  // namespace cnn
// endregion
