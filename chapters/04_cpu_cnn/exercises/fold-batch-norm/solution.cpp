#include "exercise.hpp"

#include <cmath>
#include <cstddef>

namespace cnn {

void fold_batch_norm(const BatchNormNumbers& norm, std::span<float> filter,
                     std::span<float> bias) {
  const std::size_t channels = bias.size();
  const std::size_t weights = filter.size() / channels;  // of one channel
  for (std::size_t c = 0; c < channels; ++c) {
    // your code here
    const float factor =
        norm.scale[c] / std::sqrt(norm.running_variance[c] + norm.epsilon);
    for (float& weight : filter.subspan(c * weights, weights)) weight *= factor;
    bias[c] = (bias[c] - norm.running_mean[c]) * factor + norm.shift[c];
  }
}

}  // namespace cnn
