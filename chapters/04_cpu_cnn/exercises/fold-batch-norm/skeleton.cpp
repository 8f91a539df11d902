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
  }
}

}  // namespace cnn
