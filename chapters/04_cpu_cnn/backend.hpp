// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region backend-memory
/// Where an array begins in some backend's memory. Only that backend may look
/// behind it; everybody else hands it on, or steps forward by whole parameters.
using Array = float*;
/// An array that is only read.
using ConstArray = const float*;
/// Bytes and labels likewise.
using ByteArray = std::uint8_t*;
/// Bytes that are only read.
using ConstByteArray = const std::uint8_t*;
// endregion

// region window
/// A pooling window. Windows that reach over the right or lower edge are left
/// out; there is no padding.
struct PoolGeometry {
  Shape input;  ///< NCHW
  std::int64_t size = 2;
  std::int64_t stride = 2;

  Shape output() const;
  /// Throws InputError with one sentence when not even one window fits.
  void validate() const;
};
// endregion

// region dense-geometry
/// A dense layer: `outputs` sums over `inputs` numbers, for each of `batch`.
struct DenseGeometry {
  std::int64_t batch = 1;
  std::int64_t inputs = 1;
  std::int64_t outputs = 1;
};
// endregion

// region conv-block
/// A convolution and what may be done with its result before it is written:
/// relu(), then the maximum over pool x pool windows that do not overlap.
struct ConvolutionBlock {
  ConvolutionGeometry geometry;
  bool relu = false;
  std::int64_t pool = 1;  ///< 1: no pooling

  /// NCHW, after pooling.
  Shape output() const;
};
// endregion

// region batch-norm-block
/// Batch normalisation and what may be done with its result before it is
/// written, as for a convolution. Mean and variance are over batch, height and
/// width of each channel.
struct BatchNormBlock {
  Shape input;  ///< NCHW; features are channels of one pixel
  bool relu = false;
  std::int64_t pool = 1;  ///< 1: no pooling

  /// NCHW, after pooling.
  Shape output() const;
  /// Throws InputError when a channel has but one number, and so no variance.
  void validate() const;
};
// endregion

// region batch-norm-arrays
/// What batch normalisation keeps for each channel.
struct BatchNormArrays {
  ConstArray scale;  ///< gamma
  ConstArray shift;  ///< beta
  Array running_mean;
  Array running_variance;
  Array mean;               ///< of this batch, for the way back
  Array inverse_deviation;  ///< 1 / sqrt(variance + epsilon), likewise
};
// endregion

// region dropout-numbers
/// Which random numbers a dropout layer uses: element i of the activation, in
/// NCHW order, is kept when Random(seed, stream).uniform(step * size + i) is at
/// least `probability`. A function of these numbers alone, so that every
/// backend drops the same elements.
struct DropoutNumbers {
  std::uint64_t seed = 0;
  std::uint64_t stream = 0;
  std::uint64_t step = 0;
  float probability = 0;
};
// endregion

// region sgd-numbers
/// Stochastic gradient descent with momentum and weight decay:
/// v = momentum v + (g + decay w); w = w - rate v.
struct SgdNumbers {
  float rate = 0.01F;
  float momentum = 0;
  float weight_decay = 0;
};
// endregion

// region backend
/// The operations a network is made of, and the memory they work on. Chapter 4
/// implements them for CPU cores; later chapters implement them for GPUs, and
/// nothing else changes.
///
/// Sizes and parameters are in the order of files: filters OIHW, dense weights
/// outputs x inputs with inputs in the NCHW order of the activation they come
/// from. How an activation of more than one pixel lies is the backend's
/// business: activation_size() says how much room it takes, flatten() turns it
/// into rows of features, upload_activation() and download_activation()
/// convert.
///
/// Operations come back before they are done, where the hardware allows that;
/// synchronise() waits. None allocates; what they need beside their arguments
/// is asked for beforehand by reserve...(). All are deterministic: the same
/// bits from the same input, for any number of threads.
class Backend {
 public:
  virtual ~Backend() = default;
  /// "CPU, 2 threads, AVX-512".
  virtual std::string description() const = 0;
  // endregion

  // region backend-memory-operations
  // --- memory -----------------------------------------------------------
  /// `count` floats (or bytes), all 0, aligned to 64 bytes, freed with the
  /// backend. Throws std::bad_alloc, or InputError with a sentence.
  virtual Array allocate(std::int64_t count) = 0;
  /// The same for labels and other bytes.
  virtual ByteArray allocate_bytes(std::int64_t count) = 0;
  /// From the program's memory to the backend's.
  virtual void upload(std::span<const float> from, Array to) = 0;
  /// And back; waits for what is still being computed.
  virtual void download(ConstArray from, std::span<float> to) = 0;
  /// The same for bytes.
  virtual void upload_bytes(std::span<const std::uint8_t> from,
                            ByteArray to) = 0;
  /// The same for bytes.
  virtual void download_bytes(ConstByteArray from,
                              std::span<std::uint8_t> to) = 0;
  /// Sets `count` floats to 0.
  virtual void clear(Array array, std::int64_t count) = 0;
  /// Waits until everything asked for so far is done.
  virtual void synchronise() = 0;
  /// Bytes that allocate() and reserve...() have handed out.
  virtual std::int64_t allocated_bytes() const = 0;
  // endregion

  // region backend-activations
  // --- activations ------------------------------------------------------
  /// Floats that an activation of this shape takes, gaps included.
  virtual std::int64_t activation_size(const Shape& shape) const = 0;
  /// From NCHW to however this backend keeps an activation.
  virtual void upload_activation(const Shape& shape,
                                 std::span<const float> nchw, Array to) = 0;
  /// And back.
  virtual void download_activation(const Shape& shape, ConstArray from,
                                   std::span<float> nchw) = 0;
  /// Copies pictures of a byte data set, and their labels: number indices[0],
  /// indices[1] and so on, one for each of the batch. A byte becomes
  /// byte * scale[c] + offset[c]. The indices are host memory.
  virtual void gather(const Shape& shape, ConstByteArray pixels,
                      ConstByteArray labels,
                      std::span<const std::int64_t> indices,
                      std::span<const float> scale,
                      std::span<const float> offset, Array activation,
                      ByteArray batch_labels) = 0;
  /// An activation as batch x features in NCHW order, and back.
  virtual void flatten_forward(const Shape& shape, ConstArray input,
                               Array features) = 0;
  /// The way back: gradients of features to that of the activation.
  virtual void flatten_backward(const Shape& shape, ConstArray feature_gradient,
                                Array input_gradient) = 0;
  // endregion

  // region backend-convolution
  // --- convolution ------------------------------------------------------
  /// True when convolution_block_...() can do this in one go. Where it says
  /// false, a network runs convolution, ReLU and pooling one after another.
  virtual bool fuses(const ConvolutionBlock& block) const = 0;
  /// To be called once for each block before it is used. `winners` then needs
  /// winners_size() bytes.
  virtual void reserve_convolution(const ConvolutionBlock& block) = 0;
  /// Bytes of `winners` that this block needs; 0 for none.
  virtual std::int64_t winners_size(const ConvolutionBlock& block) const = 0;
  /// output = pool(relu(conv(input, filter) + bias)). `winners` notes where
  /// each pooled number came from; unused (may be null) without relu and pool.
  virtual void convolution_forward(const ConvolutionBlock& block,
                                   ConstArray input, ConstArray filter,
                                   ConstArray bias, Array output,
                                   ByteArray winners) = 0;
  /// The gradient of the input, from that of what forward wrote.
  virtual void convolution_backward_input(const ConvolutionBlock& block,
                                          ConstArray output_gradient,
                                          ConstByteArray winners,
                                          ConstArray filter,
                                          Array input_gradient) = 0;
  /// The gradients of filter and bias, likewise.
  virtual void convolution_backward_filter(const ConvolutionBlock& block,
                                           ConstArray input,
                                           ConstArray output_gradient,
                                           ConstByteArray winners,
                                           Array filter_gradient,
                                           Array bias_gradient) = 0;
  // endregion

  // region backend-elementwise
  // --- element by element, and pooling ------------------------------------
  /// output = max(0, input).
  virtual void relu_forward(const Shape& shape, ConstArray input,
                            Array output) = 0;
  /// Passes the gradient where `output` is above 0. Here and in dropout, input
  /// and output may be the same array.
  virtual void relu_backward(const Shape& shape, ConstArray output,
                             ConstArray output_gradient,
                             Array input_gradient) = 0;
  /// The largest number of each window.
  virtual void max_pool_forward(const PoolGeometry& pool, ConstArray input,
                                Array output) = 0;
  /// The gradient goes to the first maximum of each window.
  virtual void max_pool_backward(const PoolGeometry& pool, ConstArray input,
                                 ConstArray output, ConstArray output_gradient,
                                 Array input_gradient) = 0;
  /// The mean of each window.
  virtual void average_pool_forward(const PoolGeometry& pool, ConstArray input,
                                    Array output) = 0;
  /// Each pixel gets its share of its windows' gradients.
  virtual void average_pool_backward(const PoolGeometry& pool,
                                     ConstArray output_gradient,
                                     Array input_gradient) = 0;
  /// Drops elements, and multiplies those it keeps by 1 / (1 - probability).
  virtual void dropout_forward(const Shape& shape,
                               const DropoutNumbers& numbers, ConstArray input,
                               Array output) = 0;
  /// The same mask on the way back.
  virtual void dropout_backward(const Shape& shape,
                                const DropoutNumbers& numbers,
                                ConstArray output_gradient,
                                Array input_gradient) = 0;
  // endregion

  // region backend-dense
  // --- dense ------------------------------------------------------------
  /// To be called once for each size before it is used.
  virtual void reserve_dense(const DenseGeometry& dense) = 0;
  /// output = relu?(input W^T + bias); activations are batch x features.
  virtual void dense_forward(const DenseGeometry& dense, ConstArray input,
                             ConstArray weight, ConstArray bias, Array output,
                             bool relu) = 0;
  /// input_gradient = output_gradient W.
  virtual void dense_backward_input(const DenseGeometry& dense,
                                    ConstArray output_gradient,
                                    ConstArray weight,
                                    Array input_gradient) = 0;
  /// weight_gradient = output_gradient^T input; its column sums for the bias.
  virtual void dense_backward_weight(const DenseGeometry& dense,
                                     ConstArray input,
                                     ConstArray output_gradient,
                                     Array weight_gradient,
                                     Array bias_gradient) = 0;
  // endregion

  // region backend-batch-norm
  // --- batch normalisation ----------------------------------------------
  /// As for convolutions: what can be done in one go, what is needed for it.
  virtual bool fuses(const BatchNormBlock& block) const = 0;
  /// To be called once for each block before it is used.
  virtual void reserve_batch_norm(const BatchNormBlock& block) = 0;
  /// Bytes of `winners` that this block needs; 0 for none.
  virtual std::int64_t winners_size(const BatchNormBlock& block) const = 0;
  /// Normalises with this batch's mean and (biased) variance, keeps both, and
  /// moves the running ones by `momentum` (the variance unbiased, as PyTorch).
  /// output = pool(relu(normalised * scale + shift)).
  virtual void batch_norm_forward(const BatchNormBlock& block,
                                  const BatchNormArrays& arrays, float momentum,
                                  float epsilon, ConstArray input, Array output,
                                  ByteArray winners) = 0;
  /// The same with the running mean and variance, which stay.
  virtual void batch_norm_inference(const BatchNormBlock& block,
                                    const BatchNormArrays& arrays,
                                    float epsilon, ConstArray input,
                                    Array output) = 0;
  /// `input_gradient` may be `input` itself, which it then overwrites, or null.
  virtual void batch_norm_backward(const BatchNormBlock& block,
                                   const BatchNormArrays& arrays,
                                   ConstArray input, ConstArray output_gradient,
                                   ConstByteArray winners, Array input_gradient,
                                   Array scale_gradient,
                                   Array shift_gradient) = 0;
  // endregion

  // region backend-loss
  // --- loss and optimiser -----------------------------------------------
  /// Softmax and mean cross-entropy over the batch. `logit_gradient` (already
  /// divided by the batch) may be null. Adds the sum of losses to totals[0] and
  /// the number of right answers (first maximum wins) to totals[1]. A label of
  /// 255 is no picture: no loss, no gradient, no answer.
  virtual void softmax_cross_entropy(std::int64_t batch, std::int64_t classes,
                                     ConstArray logits, ConstByteArray labels,
                                     Array logit_gradient, Array totals) = 0;
  /// One step over an arena of `count` parameters.
  virtual void sgd_step(std::int64_t count, const SgdNumbers& numbers,
                        ConstArray gradients, Array velocities,
                        Array parameters) = 0;
};
// endregion

// region cpu-backend
/// The backend of this chapter: `threads` CPU cores, channels last, the kernels
/// of chapter 3. Throws InputError when `threads` is not at least 1.
std::unique_ptr<Backend> make_cpu_backend(int threads);

}  // namespace cnn
// endregion
