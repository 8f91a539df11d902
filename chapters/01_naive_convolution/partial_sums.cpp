// region quiet: includes
#include "chapters/01_naive_convolution/partial_sums.hpp"

#include <cstddef>
#include <numeric>
#include <stdexcept>

namespace cnn {
// endregion

// region partial-sums
namespace {

/// `Sums` is a template parameter so that the partial sums are registers.
template <int Sums>
float dot(std::span<const float> a, std::span<const float> b) {
  std::array<float, Sums> sums{};
  for (std::size_t i = 0; i < a.size(); i += Sums) {
    for (std::size_t j = 0; j < Sums; ++j) sums[j] += a[i + j] * b[i + j];
  }
  return std::accumulate(sums.begin(), sums.end(), 0.0F);
}

}  // namespace

float dot_product(std::span<const float> a, std::span<const float> b,
                  int sums) {
  switch (sums) {
    case 1:
      return dot<1>(a, b);
    case 2:
      return dot<2>(a, b);
    case 4:
      return dot<4>(a, b);
    case 8:
      return dot<8>(a, b);
    case 16:
      return dot<16>(a, b);
    default:
      throw std::invalid_argument("dot_product: no such variant");
  }
}

}  // namespace cnn
// endregion
