// region quiet: includes
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "chapters/05_naive_cuda/cuda_backend.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region naive-backend
/// Every operation of a network as the simplest kernel there is: one thread
/// computes one output, reads all that it takes, and knows nothing of its
/// neighbours. Nothing is fused, no two threads write to one place, sums are
/// added up in the order of the loops, in float32.
class NaiveBackend : public CudaBackend {
 public:
  NaiveBackend();

  std::string description() const override;

  void gather(const Shape& shape, ConstByteArray pixels, ConstByteArray labels,
              std::span<const std::int64_t> indices,
              std::span<const float> scale, std::span<const float> offset,
              Array activation, ByteArray batch_labels) override;

  /// Only what is neither ReLU nor pooling: those are operations of their own.
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
  // endregion

  // region naive-backend-elementwise
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
  // endregion

  // region naive-backend-rest
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

 private:
  Array partial_totals_;  ///< of the loss, see naive_loss.cu
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
