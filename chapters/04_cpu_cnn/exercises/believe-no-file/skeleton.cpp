#include "exercise.hpp"

#include <cstring>

namespace cnn {

std::vector<float> read_weights(std::span<const std::byte> file) {
  std::vector<float> weights;
  // your code here
  return weights;
}

}  // namespace cnn
