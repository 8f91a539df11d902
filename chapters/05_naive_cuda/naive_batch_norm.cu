// region quiet: includes
#include <cmath>

#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "chapters/05_naive_cuda/plain_block.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region channel-sizes
namespace {

/// An activation as batch normalisation sees it: channels of so many pixels in
/// each picture.
struct ChannelSizes {
  int batch;
  int channels;
  int pixels;
};

ChannelSizes sizes_of(const Shape& shape) {
  return {static_cast<int>(shape.batch), static_cast<int>(shape.channels),
          static_cast<int>(shape.height * shape.width)};
}

/// Adds up term(place) over all pixels of a channel, picture by picture.
template <class Term>
__device__ float sum_over(const ChannelSizes& s, int channel,
                          const Term& term) {
  float sum = 0;
  for (int n = 0; n < s.batch; ++n) {
    const int first = (n * s.channels + channel) * s.pixels;
    for (int i = 0; i < s.pixels; ++i) sum += term(first + i);
  }
  return sum;
}
// endregion

// region naive-batch-norm-statistics
/// One thread for each channel: its mean, then its variance around it. Both add
/// up differences, from the channel's first number and from the mean, so that a
/// mean far from 0 costs no digits.
__global__ void find_statistics(int channels, ChannelSizes s,
                                BatchNormArrays arrays, float momentum,
                                float epsilon, const float* input) {
  const int c = this_output();
  if (c >= channels) return;
  const float count = static_cast<float>(s.batch * s.pixels);
  const float first = input[c * s.pixels];
  const float mean =
      first + sum_over(s, c, [&](int i) { return input[i] - first; }) / count;
  const float squares = sum_over(s, c, [&](int i) {
    const float away = input[i] - mean;
    return away * away;
  });
  arrays.mean[c] = mean;
  arrays.inverse_deviation[c] = 1 / sqrtf(squares / count + epsilon);
  arrays.running_mean[c] += momentum * (mean - arrays.running_mean[c]);
  arrays.running_variance[c] +=
      momentum * (squares / (count - 1) - arrays.running_variance[c]);
}
// endregion

// region naive-batch-norm-normalise
/// One thread for each number.
__global__ void normalise(int size, ChannelSizes s, const float* mean,
                          const float* inverse_deviation, const float* scale,
                          const float* shift, const float* input,
                          float* output) {
  const int i = this_output();
  if (i >= size) return;
  const int c = i / s.pixels % s.channels;
  output[i] =
      (input[i] - mean[c]) * (scale[c] * inverse_deviation[c]) + shift[c];
}

}  // namespace

void NaiveBackend::batch_norm_forward(const BatchNormBlock& block,
                                      const BatchNormArrays& arrays,
                                      float momentum, float epsilon,
                                      ConstArray input, Array output,
                                      ByteArray /*winners*/) {
  require_plain(block);
  const ChannelSizes sizes = sizes_of(block.input);
  launch_for_each(block.input.channels, stream(), find_statistics, sizes,
                  arrays, momentum, epsilon, input);
  launch_for_each(block.input.size(), stream(), normalise, sizes, arrays.mean,
                  arrays.inverse_deviation, arrays.scale, arrays.shift, input,
                  output);
}
// endregion

// region naive-batch-norm-inference
namespace {

__global__ void invert_running_deviation(int channels, float epsilon,
                                         BatchNormArrays arrays) {
  const int c = this_output();
  if (c >= channels) return;
  arrays.inverse_deviation[c] = 1 / sqrtf(arrays.running_variance[c] + epsilon);
}

}  // namespace

void NaiveBackend::batch_norm_inference(const BatchNormBlock& block,
                                        const BatchNormArrays& arrays,
                                        float epsilon, ConstArray input,
                                        Array output) {
  require_plain(block);
  launch_for_each(block.input.channels, stream(), invert_running_deviation,
                  epsilon, arrays);
  launch_for_each(block.input.size(), stream(), normalise,
                  sizes_of(block.input), arrays.running_mean,
                  arrays.inverse_deviation, arrays.scale, arrays.shift, input,
                  output);
}
// endregion

// region naive-batch-norm-gradients
namespace {

/// One thread for each channel: the gradients of its scale and its shift.
__global__ void sum_gradients(int channels, ChannelSizes s,
                              BatchNormArrays arrays, const float* input,
                              const float* output_gradient,
                              float* scale_gradient, float* shift_gradient) {
  const int c = this_output();
  if (c >= channels) return;
  const float mean = arrays.mean[c];
  const float products = sum_over(
      s, c, [&](int i) { return output_gradient[i] * (input[i] - mean); });
  scale_gradient[c] = products * arrays.inverse_deviation[c];
  shift_gradient[c] = sum_over(s, c, [&](int i) { return output_gradient[i]; });
}

/// One thread for each number. It moves its channel's mean and deviation, and
/// by them every other number: that part of the gradient is the same two sums
/// for all. The gradient may be written over the input.
__global__ void spread_gradient(int size, ChannelSizes s,
                                BatchNormArrays arrays, const float* input,
                                const float* output_gradient,
                                const float* scale_gradient,
                                const float* shift_gradient,
                                float* input_gradient) {
  const int i = this_output();
  if (i >= size) return;
  const int c = i / s.pixels % s.channels;
  const float count = static_cast<float>(s.batch * s.pixels);
  const float inverse = arrays.inverse_deviation[c];
  const float normal = (input[i] - arrays.mean[c]) * inverse;
  input_gradient[i] =
      arrays.scale[c] * inverse *
      (output_gradient[i] -
       (shift_gradient[c] + normal * scale_gradient[c]) / count);
}

}  // namespace
// endregion

// region naive-batch-norm-backward
void NaiveBackend::batch_norm_backward(
    const BatchNormBlock& block, const BatchNormArrays& arrays,
    ConstArray input, ConstArray output_gradient, ConstByteArray /*winners*/,
    Array input_gradient, Array scale_gradient, Array shift_gradient) {
  require_plain(block);
  const ChannelSizes sizes = sizes_of(block.input);
  launch_for_each(block.input.channels, stream(), sum_gradients, sizes, arrays,
                  input, output_gradient, scale_gradient, shift_gradient);
  if (!input_gradient) return;
  launch_for_each(block.input.size(), stream(), spread_gradient, sizes, arrays,
                  input, output_gradient, scale_gradient, shift_gradient,
                  input_gradient);
}
// endregion

// region naive-batch-norm-block
bool NaiveBackend::fuses(const BatchNormBlock& block) const {
  return is_plain(block);
}

void NaiveBackend::reserve_batch_norm(const BatchNormBlock& block) {
  require_plain(block);
  block.validate();
}

std::int64_t NaiveBackend::winners_size(const BatchNormBlock& /*block*/) const {
  return 0;  // nothing is pooled, nobody wins
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
