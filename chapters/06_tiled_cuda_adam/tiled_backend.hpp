// region quiet: includes
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/06_tiled_cuda_adam/adam.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"
#include "chapters/06_tiled_cuda_adam/product_plan.hpp"
#include "common/cuda/buffer.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-backend
/// The backend of this chapter: chapter 5's, with every operation that pays
/// written anew. Plans are made when an operation is reserved; operations share
/// one workspace, as large as the largest of them needs, since they run one
/// after the other.
class TiledBackend : public NaiveBackend, public AdamBackend {
 public:
  TiledBackend();

  std::string description() const override;
  /// The workspace counts, too.
  std::int64_t allocated_bytes() const override;
  void adam_step(std::int64_t count, const AdamNumbers& numbers,
                 ConstArray gradients, Array first_moments,
                 Array second_moments, Array parameters) override;
  // endregion

  // region tiled-backend-products
  /// ReLU, pooling of 2x2 pixels, or both.
  bool fuses(const ConvolutionBlock& block) const override;
  std::int64_t winners_size(const ConvolutionBlock& block) const override;
  /// Throws InputError when there is no such convolution, or when an array is
  /// too large for the kernels to count.
  void reserve_convolution(const ConvolutionBlock& block) override;
  /// This and the two below throw std::logic_error for a block that was not
  /// reserved.
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

  /// Likewise for dense layers.
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

  // region tiled-backend-reductions
  /// ReLU, and pooling of 2x2 pixels, while what is normalised lies in
  /// registers.
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
  // endregion

  // region tiled-backend-elementwise
  void gather(const Shape& shape, ConstByteArray pixels, ConstByteArray labels,
              std::span<const std::int64_t> indices,
              std::span<const float> scale, std::span<const float> offset,
              Array activation, ByteArray batch_labels) override;
  void relu_forward(const Shape& shape, ConstArray input,
                    Array output) override;
  void relu_backward(const Shape& shape, ConstArray output,
                     ConstArray output_gradient, Array input_gradient) override;
  /// Fast for windows of 2x2 pixels side by side; chapter 5's for all others.
  void max_pool_forward(const PoolGeometry& pool, ConstArray input,
                        Array output) override;
  void max_pool_backward(const PoolGeometry& pool, ConstArray input,
                         ConstArray output, ConstArray output_gradient,
                         Array input_gradient) override;
  /// Chapter 5's dropout_backward() calls it, too.
  void dropout_forward(const Shape& shape, const DropoutNumbers& numbers,
                       ConstArray input, Array output) override;
  void sgd_step(std::int64_t count, const SgdNumbers& numbers,
                ConstArray gradients, Array velocities,
                Array parameters) override;
  // endregion

  // region tiled-backend-plans
 private:
  /// How a convolution is computed, in each of its three passes.
  struct ReservedConvolution {
    ConvolutionBlock block;
    ConvolutionPlan forward;
    ConvolutionPlan input_gradient;
    ConvolutionPlan filter_gradient;
  };
  /// The three matrix products of a dense layer.
  struct ReservedDense {
    DenseGeometry geometry;
    ProductPlan forward;
    ProductPlan input_gradient;
    ProductPlan weight_gradient;
  };

  /// Null when there is none.
  const ReservedConvolution* find(const ConvolutionBlock& block) const;
  const ReservedDense* find(const DenseGeometry& dense) const;
  /// Throw std::logic_error when there is none.
  const ReservedConvolution& reserved(const ConvolutionBlock& block) const;
  const ReservedDense& reserved(const DenseGeometry& dense) const;

  std::vector<ReservedConvolution> convolutions_;
  std::vector<ReservedDense> dense_layers_;
  // endregion

  // region tiled-backend-parts
  /// Blocks that share out the pictures of a batch, at most: each leaves its
  /// part of the loss here.
  static constexpr std::int64_t kMostLossBlocks = 1024;

  Array loss_parts_ = allocate(2 * kMostLossBlocks);
  /// Blocks that are done with theirs: 0 between launches.
  ByteArray loss_counter_ = allocate_bytes(sizeof(unsigned));
  Array channel_parts_ = nullptr;  ///< of batch normalisation, by slices
  std::int64_t part_channels_ = 0;
  // endregion

  // region tiled-backend-workspace
  /// Makes the workspace at least so large. Whoever uses it asks for it when it
  /// is reserved; what lies in it is gone when the next operation begins.
  void reserve_workspace(std::int64_t floats);
  /// Null as long as nobody has asked for any.
  Array workspace() { return workspace_.data(); }

  int multiprocessors_;
  DeviceBuffer<float> workspace_;
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
