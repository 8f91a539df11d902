// region quiet: includes
#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/05_naive_cuda/one_thread_each.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region naive-dense-forward
namespace {

/// A dense layer's sizes in 32 bits.
struct DenseSizes {
  int batch;
  int inputs;
  int outputs;
};

DenseSizes sizes_of(const DenseGeometry& dense) {
  return {static_cast<int>(dense.batch), static_cast<int>(dense.inputs),
          static_cast<int>(dense.outputs)};
}

/// One thread for each output of each picture: a row of the input times a row
/// of the weights.
__global__ void multiply(int results, DenseSizes s, bool relu,
                         const float* __restrict__ input,
                         const float* __restrict__ weight,
                         const float* __restrict__ bias,
                         float* __restrict__ output) {
  const int i = this_output();
  if (i >= results) return;
  const int o = i % s.outputs;
  const int n = i / s.outputs;
  float sum = 0;
  for (int k = 0; k < s.inputs; ++k) {
    sum += input[n * s.inputs + k] * weight[o * s.inputs + k];
  }
  sum += bias[o];
  output[i] = relu && sum < 0 ? 0 : sum;
}

}  // namespace

void NaiveBackend::dense_forward(const DenseGeometry& dense, ConstArray input,
                                 ConstArray weight, ConstArray bias,
                                 Array output, bool relu) {
  launch_for_each(dense.batch * dense.outputs, stream(), multiply,
                  sizes_of(dense), relu, input, weight, bias, output);
}
// endregion

// region naive-dense-backward-input
namespace {

/// One thread for each input of each picture: a row of gradients times a
/// column of the weights.
__global__ void multiply_backward_input(
    int results, DenseSizes s, const float* __restrict__ output_gradient,
    const float* __restrict__ weight, float* __restrict__ input_gradient) {
  const int i = this_output();
  if (i >= results) return;
  const int k = i % s.inputs;
  const int n = i / s.inputs;
  float sum = 0;
  for (int o = 0; o < s.outputs; ++o) {
    sum += output_gradient[n * s.outputs + o] * weight[o * s.inputs + k];
  }
  input_gradient[i] = sum;
}

}  // namespace

void NaiveBackend::dense_backward_input(const DenseGeometry& dense,
                                        ConstArray output_gradient,
                                        ConstArray weight,
                                        Array input_gradient) {
  launch_for_each(dense.batch * dense.inputs, stream(), multiply_backward_input,
                  sizes_of(dense), output_gradient, weight, input_gradient);
}
// endregion

// region naive-dense-backward-weight
namespace {

/// One thread for each weight: a column of gradients times a column of inputs.
__global__ void multiply_backward_weight(
    int weights, DenseSizes s, const float* __restrict__ input,
    const float* __restrict__ output_gradient,
    float* __restrict__ weight_gradient) {
  const int i = this_output();
  if (i >= weights) return;
  const int k = i % s.inputs;
  const int o = i / s.inputs;
  float sum = 0;
  for (int n = 0; n < s.batch; ++n) {
    sum += output_gradient[n * s.outputs + o] * input[n * s.inputs + k];
  }
  weight_gradient[i] = sum;
}

/// One thread for each bias.
__global__ void multiply_backward_bias(
    int outputs, DenseSizes s, const float* __restrict__ output_gradient,
    float* __restrict__ bias_gradient) {
  const int o = this_output();
  if (o >= outputs) return;
  float sum = 0;
  for (int n = 0; n < s.batch; ++n) sum += output_gradient[n * outputs + o];
  bias_gradient[o] = sum;
}

}  // namespace
// endregion

// region naive-dense-backward-weight-launch
void NaiveBackend::dense_backward_weight(const DenseGeometry& dense,
                                         ConstArray input,
                                         ConstArray output_gradient,
                                         Array weight_gradient,
                                         Array bias_gradient) {
  const DenseSizes sizes = sizes_of(dense);
  launch_for_each(dense.outputs * dense.inputs, stream(),
                  multiply_backward_weight, sizes, input, output_gradient,
                  weight_gradient);
  launch_for_each(dense.outputs, stream(), multiply_backward_bias, sizes,
                  output_gradient, bias_gradient);
}

void NaiveBackend::reserve_dense(const DenseGeometry& dense) {
  require_countable(dense.outputs * dense.inputs,
                    "the weights of a dense layer");
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
