// region quiet: includes
#include "chapters/07_four_reports/patient_backend.hpp"

namespace cnn {
// endregion

// region patient-convolutions
void PatientBackend::convolution_forward(const ConvolutionBlock& block,
                                         ConstArray input, ConstArray filter,
                                         ConstArray bias, Array output,
                                         ByteArray winners) {
  operate([&] {
    inner_->convolution_forward(block, input, filter, bias, output, winners);
  });
}

void PatientBackend::convolution_backward_input(const ConvolutionBlock& block,
                                                ConstArray output_gradient,
                                                ConstByteArray winners,
                                                ConstArray filter,
                                                Array input_gradient) {
  operate([&] {
    inner_->convolution_backward_input(block, output_gradient, winners, filter,
                                       input_gradient);
  });
}

void PatientBackend::convolution_backward_filter(
    const ConvolutionBlock& block, ConstArray input, ConstArray output_gradient,
    ConstByteArray winners, Array filter_gradient, Array bias_gradient) {
  operate([&] {
    inner_->convolution_backward_filter(block, input, output_gradient, winners,
                                        filter_gradient, bias_gradient);
  });
}
// endregion

// region patient-elementwise
void PatientBackend::relu_forward(const Shape& shape, ConstArray input,
                                  Array output) {
  operate([&] { inner_->relu_forward(shape, input, output); });
}

void PatientBackend::relu_backward(const Shape& shape, ConstArray output,
                                   ConstArray output_gradient,
                                   Array input_gradient) {
  operate([&] {
    inner_->relu_backward(shape, output, output_gradient, input_gradient);
  });
}

void PatientBackend::max_pool_forward(const PoolGeometry& pool,
                                      ConstArray input, Array output) {
  operate([&] { inner_->max_pool_forward(pool, input, output); });
}

void PatientBackend::max_pool_backward(const PoolGeometry& pool,
                                       ConstArray input, ConstArray output,
                                       ConstArray output_gradient,
                                       Array input_gradient) {
  operate([&] {
    inner_->max_pool_backward(pool, input, output, output_gradient,
                              input_gradient);
  });
}

void PatientBackend::average_pool_forward(const PoolGeometry& pool,
                                          ConstArray input, Array output) {
  operate([&] { inner_->average_pool_forward(pool, input, output); });
}

void PatientBackend::average_pool_backward(const PoolGeometry& pool,
                                           ConstArray output_gradient,
                                           Array input_gradient) {
  operate([&] {
    inner_->average_pool_backward(pool, output_gradient, input_gradient);
  });
}
// endregion

// region patient-dropout
void PatientBackend::dropout_forward(const Shape& shape,
                                     const DropoutNumbers& numbers,
                                     ConstArray input, Array output) {
  operate([&] { inner_->dropout_forward(shape, numbers, input, output); });
}

void PatientBackend::dropout_backward(const Shape& shape,
                                      const DropoutNumbers& numbers,
                                      ConstArray output_gradient,
                                      Array input_gradient) {
  operate([&] {
    inner_->dropout_backward(shape, numbers, output_gradient, input_gradient);
  });
}

void PatientBackend::flatten_forward(const Shape& shape, ConstArray input,
                                     Array features) {
  operate([&] { inner_->flatten_forward(shape, input, features); });
}

void PatientBackend::flatten_backward(const Shape& shape,
                                      ConstArray feature_gradient,
                                      Array input_gradient) {
  operate([&] {
    inner_->flatten_backward(shape, feature_gradient, input_gradient);
  });
}

void PatientBackend::clear(Array array, std::int64_t count) {
  operate([&] { inner_->clear(array, count); });
}
// endregion

// region patient-dense
void PatientBackend::dense_forward(const DenseGeometry& dense, ConstArray input,
                                   ConstArray weight, ConstArray bias,
                                   Array output, bool relu) {
  operate(
      [&] { inner_->dense_forward(dense, input, weight, bias, output, relu); });
}

void PatientBackend::dense_backward_input(const DenseGeometry& dense,
                                          ConstArray output_gradient,
                                          ConstArray weight,
                                          Array input_gradient) {
  operate([&] {
    inner_->dense_backward_input(dense, output_gradient, weight,
                                 input_gradient);
  });
}

void PatientBackend::dense_backward_weight(const DenseGeometry& dense,
                                           ConstArray input,
                                           ConstArray output_gradient,
                                           Array weight_gradient,
                                           Array bias_gradient) {
  operate([&] {
    inner_->dense_backward_weight(dense, input, output_gradient,
                                  weight_gradient, bias_gradient);
  });
}
// endregion

// region patient-batch-norm
void PatientBackend::batch_norm_forward(const BatchNormBlock& block,
                                        const BatchNormArrays& arrays,
                                        float momentum, float epsilon,
                                        ConstArray input, Array output,
                                        ByteArray winners) {
  operate([&] {
    inner_->batch_norm_forward(block, arrays, momentum, epsilon, input, output,
                               winners);
  });
}

void PatientBackend::batch_norm_inference(const BatchNormBlock& block,
                                          const BatchNormArrays& arrays,
                                          float epsilon, ConstArray input,
                                          Array output) {
  operate([&] {
    inner_->batch_norm_inference(block, arrays, epsilon, input, output);
  });
}

void PatientBackend::batch_norm_backward(
    const BatchNormBlock& block, const BatchNormArrays& arrays,
    ConstArray input, ConstArray output_gradient, ConstByteArray winners,
    Array input_gradient, Array scale_gradient, Array shift_gradient) {
  operate([&] {
    inner_->batch_norm_backward(block, arrays, input, output_gradient, winners,
                                input_gradient, scale_gradient, shift_gradient);
  });
}
// endregion

// region patient-optimisers
void PatientBackend::sgd_step(std::int64_t count, const SgdNumbers& numbers,
                              ConstArray gradients, Array velocities,
                              Array parameters) {
  operate([&] {
    inner_->sgd_step(count, numbers, gradients, velocities, parameters);
  });
}

void PatientBackend::adam_step(std::int64_t count, const AdamNumbers& numbers,
                               ConstArray gradients, Array first_moments,
                               Array second_moments, Array parameters) {
  operate([&] {
    adam_->adam_step(count, numbers, gradients, first_moments, second_moments,
                     parameters);
  });
}
// endregion

// region patient-plans
// Plans are not operations: they are made once.
std::int64_t PatientBackend::activation_size(const Shape& shape) const {
  return inner_->activation_size(shape);
}

bool PatientBackend::fuses(const ConvolutionBlock& block) const {
  return inner_->fuses(block);
}

void PatientBackend::reserve_convolution(const ConvolutionBlock& block) {
  inner_->reserve_convolution(block);
}

std::int64_t PatientBackend::winners_size(const ConvolutionBlock& block) const {
  return inner_->winners_size(block);
}

void PatientBackend::reserve_dense(const DenseGeometry& dense) {
  inner_->reserve_dense(dense);
}

bool PatientBackend::fuses(const BatchNormBlock& block) const {
  return inner_->fuses(block);
}

void PatientBackend::reserve_batch_norm(const BatchNormBlock& block) {
  inner_->reserve_batch_norm(block);
}

std::int64_t PatientBackend::winners_size(const BatchNormBlock& block) const {
  return inner_->winners_size(block);
}

}  // namespace cnn
// endregion
