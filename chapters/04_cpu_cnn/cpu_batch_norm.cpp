// region quiet: includes
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"

namespace cnn {
// endregion

// region reserve-batch-norm
bool CpuBackend::fuses(const BatchNormBlock& block) const {
  constexpr std::int64_t kLargestPool = 15;  // winners are bytes, one is nobody
  if (block.pool < 1 || block.pool > kLargestPool ||
      block.pool > block.input.height || block.pool > block.input.width) {
    return false;
  }
  // A pass goes from pixel to pixel by one distance, here and there. Features
  // have no gaps between them, and what is pooled down to them might.
  return activation_layout(block.input).pixel ==
         activation_layout(block.output()).pixel;
}

void CpuBackend::reserve_batch_norm(const BatchNormBlock& block) {
  block.validate();
  if (!fuses(block)) {
    throw std::invalid_argument("reserve_batch_norm: cannot be fused");
  }
  const std::int64_t pixel = activation_layout(block.input).pixel;
  reserve_sums(pixel);
  constants_.reserve(pixel);
}

std::int64_t CpuBackend::winners_size(const BatchNormBlock& block) const {
  const bool plain = !block.relu && block.pool == 1;
  return plain ? 0 : activation_size(block.output());
}
// endregion

// region batch-norm-forward
void CpuBackend::batch_norm_forward(const BatchNormBlock& block,
                                    const BatchNormArrays& arrays,
                                    float momentum, float epsilon,
                                    ConstArray input, Array output,
                                    ByteArray winners) {
  const ChannelsLast in = activation_layout(block.input);
  const int threads = threads_for(in.size());
  if (winners_size(block) == 0) winners = nullptr;
  sum_channels(block.input, input, sums_.data(), threads);

  const auto count = static_cast<double>(in.batch * in.height * in.width);
  for (std::int64_t c = 0; c < in.channels; ++c) {
    const double* sums = sums_.data() + c;
    const double away = sums[0] / count;
    const double mean = double{input[c]} + away;
    const double variance = std::max(sums[in.pixel] / count - away * away, 0.0);
    arrays.mean[c] = static_cast<float>(mean);
    arrays.inverse_deviation[c] =
        static_cast<float>(1 / std::sqrt(variance + double{epsilon}));
    const double unbiased = variance * count / (count - 1);
    const auto move = [momentum](float& running, double to) {
      running += momentum * (static_cast<float>(to) - running);
    };
    move(arrays.running_mean[c], mean);
    move(arrays.running_variance[c], unbiased);
  }
  set_constants(in, arrays, arrays.mean, arrays.inverse_deviation);
  normalise(block, constants_, input, output, winners, threads);
}
// endregion

// region set-constants
void CpuBackend::set_constants(const ChannelsLast& layout,
                               const BatchNormArrays& arrays, ConstArray mean,
                               ConstArray inverse_deviation) {
  for (std::int64_t c = 0; c < layout.pixel; ++c) {
    const auto i = static_cast<std::size_t>(c);
    const bool gap = c >= layout.channels;
    constants_.mean[i] = gap ? 0 : mean[c];
    constants_.factor[i] = gap ? 0 : arrays.scale[c] * inverse_deviation[c];
    constants_.shift[i] = gap ? 0 : arrays.shift[c];
    constants_.slope[i] = 0;
  }
}

void CpuBackend::batch_norm_inference(const BatchNormBlock& block,
                                      const BatchNormArrays& arrays,
                                      float epsilon, ConstArray input,
                                      Array output) {
  const ChannelsLast in = activation_layout(block.input);
  for (std::int64_t c = 0; c < in.channels; ++c) {
    arrays.inverse_deviation[c] = static_cast<float>(
        1 / std::sqrt(double{arrays.running_variance[c]} + double{epsilon}));
  }
  set_constants(in, arrays, arrays.running_mean, arrays.inverse_deviation);
  normalise(block, constants_, input, output, nullptr, threads_for(in.size()));
}
// endregion

// region batch-norm-backward
void CpuBackend::batch_norm_backward(
    const BatchNormBlock& block, const BatchNormArrays& arrays,
    ConstArray input, ConstArray output_gradient, ConstByteArray winners,
    Array input_gradient, Array scale_gradient, Array shift_gradient) {
  const ChannelsLast in = activation_layout(block.input);
  const int threads = threads_for(in.size());
  if (winners_size(block) == 0) winners = nullptr;
  set_constants(in, arrays, arrays.mean, arrays.inverse_deviation);
  sum_gradients(block, constants_, input, output_gradient, winners,
                sums_.data(), threads);

  const auto count = static_cast<double>(in.batch * in.height * in.width);
  for (std::int64_t c = 0; c < in.channels; ++c) {
    const auto i = static_cast<std::size_t>(c);
    const double gradient = sums_[i];
    const double product = sums_[i + static_cast<std::size_t>(in.pixel)];
    const double inverse = arrays.inverse_deviation[c];
    const double factor = constants_.factor[i];
    scale_gradient[c] = static_cast<float>(product * inverse);
    shift_gradient[c] = static_cast<float>(gradient);
    constants_.shift[i] = static_cast<float>(-factor * gradient / count);
    constants_.slope[i] =
        static_cast<float>(factor * inverse * inverse * product / count);
  }
  if (!input_gradient) return;
  spread_gradient(block, constants_, input, output_gradient, winners,
                  input_gradient, threads);
}

}  // namespace cnn
// endregion
